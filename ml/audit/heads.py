"""The ledger against what was remembered of it elsewhere: no newest rows are gone, no chain was made anew."""

from collections.abc import Iterator

from ml import witness
from ml.audit.discrepancy import Checked, Discrepancy
from ml.audit.scope import Scope
from ml.errors import DataError
from ml.witness import Remembered


def heads(scope: Scope) -> Checked:
    """Every head that the lake or MLflow remembers is a row of its chain still."""
    try:
        known = list(witness.remembered(scope.place, scope.pipeline))
    except DataError as error:
        return Checked("heads", "what the lake remembers", (Discrepancy(str(error), "restore it from a backup"),))
    said = f"{len({head.place for head in known}):,} nights and runs remember the newest rows of their time"
    return Checked("heads", said, tuple(_lost(scope, known)))


def _lost(scope: Scope, known: list[Remembered]) -> Iterator[Discrepancy]:
    """The newest head that is gone from each book, and the oldest that differs."""
    for book in sorted({head.book for head in known}):
        hashes = scope.place.ledger.hashes(book)
        of_book = sorted((head for head in known if head.book == book), key=lambda head: head.number)
        gone = [head for head in of_book if head.number not in hashes]
        other = [head for head in of_book if head.number in hashes and hashes[head.number] != head.hash]
        if gone:
            yield Discrepancy(
                f"{book} ends at {max(hashes, default=0)}, but {gone[-1].place} remembers {book} {gone[-1].number}: "
                "its newest rows are gone",
                "restore a newer backup of the ledger; what happened after it is in the step logs and in the mails",
            )
        if other:
            yield Discrepancy(
                f"{book} {other[0].number} has another hash than {other[0].place} remembers: the chain was made anew "
                "from there or before it",
                "restore the ledger from a backup of before; compare it with the mails and with MLflow",
            )
