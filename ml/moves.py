"""What is in Production moves as a row of the ledger first; the registry follows it.

So the ledger is the truth about Production, and a process that is killed between the two leaves a row that is not
settled: whoever comes next brings the registry to it, and nobody mistakes it for an act from outside.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ml.records import Promotion
from ml.workspace import Run


@contextmanager
def alone(run: Run) -> Iterator[None]:
    """Nobody else moves this pipeline's versions while the block lasts; raises ServiceUnavailable if one does."""
    with run.workspace.ledger.lock(f"promote:{run.name}"):
        yield


def enter(run: Run, promotion: Promotion) -> Promotion:
    """Put a version into Production and give the row that stands; the caller is ``alone``."""
    stands = run.workspace.ledger.record_promotion(promotion)
    settle(run)
    return stands


def settle(run: Run) -> None:
    """Bring the registry to the newest row, unless that was done; the caller is ``alone``."""
    ledger = run.workspace.ledger
    if ledger.settled(run.name):
        return
    book = ledger.promotions(run.name)
    run.workspace.registry.settle(run.name, book[-1].version, before(book))
    ledger.record_settlement(run.name)


def before(book: Sequence[Promotion]) -> int | None:
    """The version that was in Production before the one that is: that of the alias ``previous``.

    What came from outside and was reverted does not count.
    """
    if not book:
        return None
    came = (p for p in reversed(book) if p.version == book[-1].version and p.kind != "revert")
    return next((p.previous for p in came), None)
