"""Books whose rows are chained by hash: written one after the other, never changed, and verified."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ml import seals
from ml.ledger import guards
from ml.ledger.book import Book
from ml.ledger.locks import lock_key
from ml.ledger.tables import answers, decisions, promotions, quarantine_acts
from ml.ledger.types import storable
from ml.records import Approval, Decision, Promotion, QuarantineAct, Record

_OWN = ("sealed", "hash")
CHAINED: dict[str, type[Record]] = {
    "decisions": Decision,
    "promotions": Promotion,
    "quarantine_acts": QuarantineAct,
    "answers": Approval,
}
_TABLES = {table.name: table for table in (decisions, promotions, quarantine_acts, answers)}


@dataclass(frozen=True)
class Head:
    """The newest row of a chained book: its number and its hash, which stands for all rows up to it."""

    book: str
    number: int
    hash: str


@dataclass(frozen=True)
class Broken:
    """A row that is not as it was written: which, and a sentence that says what differs."""

    book: str
    number: int
    sentence: str


def turn(connection: sa.Connection, table: sa.Table) -> None:
    """Wait until no other process writes to this book; the turn lasts as long as the transaction.

    To be taken before anything is read that decides what is written. On SQLite a writing transaction is alone anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(lock_key(f"book {table.name}"))))


def append(connection: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> int:
    """Add one row after the newest one; gives its number. The primary key makes sure that the chain has no fork."""
    turn(connection, table)
    last = _newest(connection, table)
    number = (last["id"] if last else 0) + 1
    sealed = seals.seal(table.name, storable({"id": number, **values}))
    own = {"id": number, "sealed": sealed, "hash": seals.chained(last["hash"] if last else seals.FIRST, sealed)}
    connection.execute(sa.insert(table).values(**values, **own))
    return number


class Chains(Book):
    """What the chained books say of themselves, and whether the database keeps them."""

    chained = tuple(CHAINED)

    def heads(self) -> dict[str, Head]:
        """The newest row of each chained book that has any."""
        with self.database.reading() as connection:
            found = {name: _newest(connection, table) for name, table in _TABLES.items()}
        return {name: Head(name, row["id"], row["hash"]) for name, row in found.items() if row}

    def hashes(self, book: str) -> dict[int, str]:
        """The hash of each row of a chained book, by its number."""
        table = _TABLES[book]
        return {row["id"]: row["hash"] for row in self._rows(sa.select(table.c.id, table.c.hash))}

    def unguarded(self) -> list[str]:
        """The books of facts that the database would let somebody change."""
        with self.database.reading() as connection:
            return guards.missing(connection)

    def broken(self, book: str) -> list[Broken]:
        """The rows of a chained book that are not as they were written, oldest first; each told once."""
        return list(_verified(book, self._rows(sa.select(_TABLES[book]).order_by(_TABLES[book].c.id))))


def _newest(connection: sa.Connection, table: sa.Table) -> sa.RowMapping | None:
    query = sa.select(table.c.id, table.c.hash).order_by(table.c.id.desc()).limit(1)
    return connection.execute(query).mappings().first()


def _verified(book: str, rows: Any) -> Iterator[Broken]:
    before, above = seals.FIRST, 0
    for row in rows:
        found = _link(book, row, before, above) or _differs(book, row)
        if found:
            yield Broken(book, row["id"], found)
        before, above = row["hash"], row["id"]


def _link(book: str, row: sa.RowMapping, before: str, above: int) -> str | None:
    """What is wrong between a row and the one before it; judged by the hash that stands there, so told once."""
    if not row["sealed"]:
        return f"{book} {row['id']} has no seal: it was not written by nightshift"
    if row["hash"] == seals.chained(before, row["sealed"]):
        return None
    gone = f"after {above}" if above else "before it"
    changed = "its text was changed, or rows"
    return f"{book} {row['id']} does not follow from the row before it: {changed} {gone} are gone or new"


def _differs(book: str, row: sa.RowMapping) -> str | None:
    """The first column that says something else than the seal; one that the seal does not know has its default."""
    try:
        said = seals.unsealed(row["sealed"])
    except ValueError:
        return f"{book} {row['id']} has a seal that cannot be read"
    has = seals.plain({name: value for name, value in row.items() if name not in _OWN})
    for name in sorted(has):
        meant = said[name] if name in said else _default(book, name)
        if has[name] != meant:
            return f"{book} {row['id']} says {name} = {_short(has[name])}, but was written with {_short(meant)}"
    return None


def _default(book: str, column: str) -> Any:
    """What rows from before a column came have in it."""
    field = CHAINED[book].model_fields.get(column)
    return None if field is None or field.is_required() else seals.plain({"": field.default})[""]


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
