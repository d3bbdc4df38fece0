"""The ledger by itself: its chains hold, and the database refuses to change the books of facts."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ml.audit.discrepancy import Checked, Discrepancy

if TYPE_CHECKING:
    from ml.ledger import Ledger

RESTORE = (
    "find out who changed it, and restore the ledger from a backup of before; a row that was wrong is answered by "
    "another row, never changed"
)


def chains(ledger: "Ledger") -> Checked:
    """Every row of the chained books is as it was written, and follows from the row before it."""
    books = {book: len(ledger.hashes(book)) for book in ledger.chained}
    said = ", ".join(f"{rows:,} {'row' if rows == 1 else 'rows'} of {book}" for book, rows in books.items())
    return Checked("chains", said, tuple(_broken(ledger)))


def _broken(ledger: "Ledger") -> Iterator[Discrepancy]:
    for book in ledger.chained:
        for broken in ledger.broken(book):
            yield Discrepancy(broken.sentence, RESTORE)


def guards(ledger: "Ledger") -> Checked:
    """No book of facts can be changed: its triggers are there and in force."""
    missing = ledger.unguarded()
    sentence = "{} can be changed: the triggers that keep it append-only are gone or switched off"
    found = tuple(Discrepancy(sentence.format(book), "nightshift migrate") for book in missing)
    return Checked("guards", "the books of facts refuse changes" if not found else f"{len(found)} books", found)
