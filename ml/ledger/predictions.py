"""The book of predictions: what versions said, each once; on Postgres a partition for each data day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic_core import PydanticSerializationError, to_json
from sqlalchemy.dialects import postgresql, sqlite

from ml.days import Span
from ml.ledger.book import Book, record
from ml.ledger.locks import lock_key
from ml.ledger.tables import predictions
from ml.ledger.types import storable
from ml.records import Prediction

_LOCK = lock_key("partitions of predictions")
_PARTITIONS = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'predictions'::regclass
"""


class Predictions(Book):
    """Predictions are never changed. They are not chained: they come by the thousand, and go after a while."""

    def record_predictions(self, made: Sequence[Prediction]) -> int:
        """Keep predictions, all or none, and give how many were new; those whose name is there stay as they are."""
        if not made:
            return 0
        days = {prediction.day for prediction in made}
        rows = [dict(prediction.__dict__) for prediction in made]
        while True:
            self._partition(days)
            with self.database.writing() as connection:
                if self._ready(connection, days):  # else housekeeping dropped one of them in between
                    return self._insert(connection, rows)

    def predictions(self, pipeline: str, span: Span, roles: Collection[str] | None = None) -> list[Prediction]:
        """The predictions of these data days, in the order in which they were made; with ``roles`` only those."""
        query = sa.select(predictions).filter_by(pipeline=pipeline)
        query = query.where(predictions.c.day.between(span.first, span.last)).order_by(predictions.c.id)
        if roles is not None:
            query = query.where(predictions.c.role.in_(roles))
        return [record(Prediction, row) for row in self._rows(query)]

    def prediction(self, name: str) -> Prediction | None:
        """The prediction of this name; None when there is none, or it is not kept any more."""
        rows = self._rows(sa.select(predictions).filter_by(id=name).limit(1))
        return record(Prediction, rows[0]) if rows else None

    def predicted_days(self, pipeline: str) -> dict[date, int]:
        """How many predictions there are of each data day, oldest day first."""
        count = sa.select(predictions.c.day, sa.func.count().label("count")).filter_by(pipeline=pipeline)
        rows = self._rows(count.group_by(predictions.c.day).order_by(predictions.c.day))
        return {row["day"]: row["count"] for row in rows}

    def forget_predictions(self, pipeline: str, before: date) -> int:
        """Remove a pipeline's predictions of data days before this one; gives how many that were.

        A partition that is empty then is dropped.
        """
        with self.database.writing() as connection:
            old = sa.delete(predictions).where(predictions.c.pipeline == pipeline, predictions.c.day < before)
            gone = connection.execute(old).rowcount
        self._drop_empty(before)
        return int(gone)

    def _insert(self, connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        if self.database.is_postgres:
            return connection.execute(_as_one_document(rows).on_conflict_do_nothing()).rowcount
        new = sqlite.insert(predictions).on_conflict_do_nothing().returning(predictions.c.id)
        return len(connection.execute(new, rows).all())

    def _ready(self, connection: sa.Connection, days: Iterable[date]) -> bool:
        """Whether the partitions of these days are there, and stay for as long as the transaction lasts."""
        if not self.database.is_postgres:
            return True
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(_LOCK)))
        return {_name(day) for day in days} <= set(connection.execute(sa.text(_PARTITIONS)).scalars())

    def _partition(self, days: Iterable[date]) -> None:
        """Make the partitions of these days that are not there. They are made apart from any insert, and by one
        process at a time: each needs the whole table for a moment.
        """
        if not self.database.is_postgres:
            return
        wanted = {_name(day): day for day in days}
        with self.database.reading() as connection:
            missing = set(wanted) - set(connection.execute(sa.text(_PARTITIONS)).scalars())
        if not missing:
            return
        with self.database.writing() as connection:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            for name in sorted(missing):
                first, after = wanted[name], wanted[name] + timedelta(days=1)
                connection.exec_driver_sql(
                    f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF predictions "
                    f"FOR VALUES FROM ('{first}') TO ('{after}')"
                )

    def _drop_empty(self, before: date) -> None:
        if not self.database.is_postgres:
            return
        with self.database.writing() as connection:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
            for name in connection.execute(sa.text(_PARTITIONS)).scalars().all():
                if name < _name(before) and _is_empty(connection, name):
                    connection.exec_driver_sql(f"DROP TABLE {name}")


def _name(day: date) -> str:
    return f"predictions_{day:%Y%m%d}"


def _is_empty(connection: sa.Connection, partition: str) -> bool:
    rows = sa.select(sa.text("1")).select_from(sa.table(partition)).limit(1)
    return connection.execute(rows).first() is None


def _as_one_document(rows: Sequence[Mapping[str, Any]]) -> postgresql.Insert:
    """All rows as one value that Postgres takes apart: a value for each column takes ten times as long to send."""
    document = sa.cast(sa.bindparam("rows", _json(rows), sa.Text), postgresql.JSON)
    columns = [sa.column(column.name, column.type) for column in predictions.c]
    found = sa.func.json_to_recordset(document).table_valued(*columns).render_derived(with_types=True)
    return postgresql.insert(predictions).from_select([column.name for column in columns], sa.select(found))


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    try:
        document = to_json(rows, inf_nan_mode="strings")
    except PydanticSerializationError:  # half a surrogate pair
        document = b"\\u0000"
    if b"\\u0000" in document:
        document = to_json(storable(rows), inf_nan_mode="strings")
    return document.decode()
