"""Whether MLflow shows something else than the ledger, asked often and from a process that must stay small."""

from ml import moves, outside
from ml.ledger import Ledger
from ml.registry import glance
from ml.settings import Settings


def difference(pipeline: str, settings: Settings | None = None) -> str | None:
    """What differs, in a sentence; None when nothing does, or when a move of our own is not finished yet.

    Raises
    ------
    ServiceUnavailable
        The ledger or MLflow did not answer.
    ConfigError
        A setting is missing, or the ledger is of another version.
    """
    settings = settings or Settings.from_env()
    ledger = Ledger.open(settings.ledger_url)
    if not ledger.settled(pipeline):
        return None
    book = ledger.promotions(pipeline)
    versions = [book[-1].version, moves.before(book)] if book else []
    standing = glance(settings.mlflow_url, pipeline, *[version for version in versions if version is not None])
    return outside.difference(book, standing)
