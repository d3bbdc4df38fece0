"""What happened: steps, batches, decisions, promotions, drift and alerts, as rows that outlive every process."""

from ml.ledger.chain import Head
from ml.ledger.code import code_version
from ml.ledger.ledger import Ledger
from ml.ledger.locks import Held
from ml.ledger.outbox import Claim
from ml.ledger.rows import AlertRow, DecisionRow, StepRow, VerdictRow
from ml.ledger.steps import Attempt

__all__ = [
    "AlertRow",
    "Attempt",
    "Claim",
    "DecisionRow",
    "Head",
    "Held",
    "Ledger",
    "StepRow",
    "VerdictRow",
    "code_version",
    "migrate",
]


def migrate(address: str) -> None:
    """Bring the ledger at this database URL up to date."""
    Ledger.open(address).migrate()
