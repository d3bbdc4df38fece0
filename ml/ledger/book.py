"""What the ledger's books share."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from ml.ledger.database import Database
from ml.records import Question, Record, Tryout, TryoutVerdict

R = TypeVar("R", bound=Record)
V = TypeVar("V", Question, Tryout, TryoutVerdict)


class Book:
    """A part of the ledger about one subject."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def _rows(self, query: sa.Select[Any]) -> Sequence[sa.RowMapping]:
        with self.database.reading() as connection:
            return connection.execute(query).mappings().all()

    def _record_once(self, table: sa.Table, it: V) -> V:
        """Keep what is said of a version and give the record that stands: the first about that version."""
        with self.database.writing() as connection:
            known = newest(connection, table, pipeline=it.pipeline, version=it.version)
            if known is not None:
                return record(type(it), known)
            append(connection, table, columns(it))
            return it

    def _of_version(self, table: sa.Table, kind: type[R], pipeline: str, version: int) -> R | None:
        """The newest record about a version; None while there is none."""
        with self.database.reading() as connection:
            row = newest(connection, table, pipeline=pipeline, version=version)
        return record(kind, row) if row is not None else None


def record(kind: type[R], row: sa.RowMapping) -> R:
    """The record that a row holds, without the row's own columns."""
    return kind.model_validate({name: row[name] for name in kind.model_fields})


def columns(it: Record) -> dict[str, Any]:
    """The columns that a record fills; what is a record inside it becomes JSON."""
    return {name: _plain(getattr(it, name)) for name in type(it).model_fields}


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def newest(connection: sa.Connection, table: sa.Table, **where: Any) -> sa.RowMapping | None:
    """The newest row with these values."""
    query = sa.select(table).filter_by(**where).order_by(table.c.id.desc()).limit(1)
    return connection.execute(query).mappings().first()


def append(connection: sa.Connection, table: sa.Table, values: Mapping[str, Any]) -> int:
    """Add one row; gives its number."""
    return int(connection.execute(sa.insert(table).values(**values).returning(table.c.id)).scalar_one())
