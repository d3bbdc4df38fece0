"""The model of Production: it loads, as a server would load it."""

from ml.audit.discrepancy import Checked, Discrepancy
from ml.audit.scope import Scope
from ml.errors import TrainingError


def models(scope: Scope) -> Checked:
    """The model of the version in Production is in the registry, whole, and of types that are trusted."""
    served = scope.served
    if served is None:
        return Checked("model", "nothing is in Production")
    try:
        scope.place.registry.load_model(served.model_uri)
    except TrainingError as error:
        return Checked("model", f"version {served.version}", (_unreadable(scope, served.version, str(error)),))
    return Checked("model", f"version {served.version} loads")


def _unreadable(scope: Scope, version: int, error: str) -> Discrepancy:
    promoted = scope.promoted
    before = promoted.previous if promoted else None
    why = "'the model does not load'"
    verb = f"rollback {scope.pipeline} --why" if before else f"retrain {scope.pipeline} --reason"
    mend = f"nightshift {verb} {why}"
    return Discrepancy(f"{scope.pipeline}: the model of version {version} does not load: {error}", mend)
