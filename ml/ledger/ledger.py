"""The ledger itself: all books over one database."""

from collections.abc import Iterator
from contextlib import contextmanager

from ml.ledger.acts import Acts
from ml.ledger.approvals import Approvals
from ml.ledger.batches import Batches
from ml.ledger.calibrations import Calibrations
from ml.ledger.callers import Callers
from ml.ledger.chain import Chains
from ml.ledger.database import Database
from ml.ledger.decisions import Decisions
from ml.ledger.drifts import Drifts
from ml.ledger.features import Features
from ml.ledger.locks import Held, held
from ml.ledger.outbox import Outbox
from ml.ledger.performances import Performances
from ml.ledger.predictions import Predictions
from ml.ledger.promotions import Promotions
from ml.ledger.removals import Removals
from ml.ledger.schema import is_current, migrate
from ml.ledger.steps import Steps
from ml.ledger.tryouts import Tryouts
from ml.ledger.weighings import Weighings


class Ledger(
    Steps,
    Batches,
    Acts,
    Decisions,
    Promotions,
    Approvals,
    Drifts,
    Calibrations,
    Outbox,
    Chains,
    Removals,
    Callers,
    Predictions,
    Performances,
    Features,
    Tryouts,
    Weighings,
):
    """What happened, in Postgres, or for a throw-away workspace in one SQLite file.

    Every method raises ServiceUnavailable when the database is down, and ConfigError when it holds no ledger of this
    version.
    """

    @classmethod
    def open(cls, address: str) -> "Ledger":
        """The ledger at a database URL; nothing is connected yet. Raises ConfigError for another kind of address."""
        return cls(Database.open(address))

    def migrate(self) -> None:
        """Bring the tables up to date; safe to repeat, and to do in several processes at once."""
        migrate(self.database)

    def is_current(self) -> bool:
        """Whether the tables are those of this version."""
        return is_current(self.database)

    @contextmanager
    def lock(self, name: str, wait: float = 600.0) -> Iterator[Held]:
        """Hold a name across processes and hosts, say ``promote:flight_delays``; waits up to ``wait`` seconds for it.

        ``confirm()`` on what it gives makes sure that the lock is still held.

        Raises
        ------
        ServiceUnavailable
            Another holds it after that; the sentence says who and since when.
        """
        with held(self.database, name, wait) as lock:
            yield lock
