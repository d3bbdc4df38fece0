"""Whether the past can be told: the ledger by itself, and the ledger against the registry, the lake and the outbox.

Each check is a function in a file of its own: it gives what it looked at, and every place where two things that should
agree do not, with what mends it.
"""

from collections.abc import Sequence

from ml.audit.attempts import attempts
from ml.audit.chains import chains, guards
from ml.audit.discrepancy import Checked, Discrepancy
from ml.audit.files import files, snapshots
from ml.audit.heads import heads
from ml.audit.mails import mails
from ml.audit.models import models
from ml.audit.scope import Scope
from ml.audit.versions import versions
from ml.workspace import Workspace

OF_LEDGER = (chains, guards)
OF_PIPELINE = (heads, attempts, versions, models, snapshots, files, mails)

__all__ = ["OF_LEDGER", "OF_PIPELINE", "Checked", "Discrepancy", "Scope", "audit"]


def audit(place: Workspace, pipelines: Sequence[str], deep: bool = False) -> dict[str, list[Checked]]:
    """What each check says: of the ledger under ``ledger``, and of each pipeline under its name.

    Nothing is changed. Raises ServiceUnavailable when a neighbour does not answer: then nothing can be said.
    """
    scopes = {name: Scope(place, name, deep) for name in pipelines}
    found = {name: [check(scope) for check in OF_PIPELINE] for name, scope in scopes.items()}
    return {"ledger": [check(place.ledger) for check in OF_LEDGER], **found}
