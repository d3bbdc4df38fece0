"""The book of feature tables, and the newest of them by key: what a service reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from ml.ledger.book import Book, append, columns, newest, record
from ml.ledger.tables import feature_tables, feature_values
from ml.ledger.types import utc_now
from ml.records import FeatureTable

Values = Mapping[str, Mapping[str, float | None]]


@dataclass(frozen=True)
class MadeTable:
    """A feature table, and when it was written: from then on it was served, until the next one."""

    made: datetime
    table: FeatureTable


@dataclass(frozen=True)
class Current:
    """The newest feature table by feature and key. ``at`` is when its night started, ``definitions`` what it holds."""

    at: datetime
    definitions: Mapping[str, str]
    values: Values


class Features(Book):
    """Tables are append-only. Of their values the newest night's alone are here; all others lie in the lake."""

    def record_features(self, table: FeatureTable, values: Values) -> bool:
        """Keep a table, and its ``values`` for whoever serves, in one piece; False when the day's newest is the same.

        An older night that is walked again leaves the values of a newer one where they are.
        """
        with self.database.writing() as connection:
            last = newest(connection, feature_tables, pipeline=table.pipeline, day=table.day)
            if last is not None and record(FeatureTable, last) == table:
                return False
            append(connection, feature_tables, columns(table) | {"made": utc_now()})
            if not self._has_newer(connection, table):
                connection.execute(sa.delete(feature_values).filter_by(pipeline=table.pipeline))
                if rows := list(_rows(table, values)):
                    connection.execute(sa.insert(feature_values), rows)
            return True

    def feature_tables(self, pipeline: str) -> list[MadeTable]:
        """Every table that was made, oldest first."""
        rows = self._rows(sa.select(feature_tables).filter_by(pipeline=pipeline).order_by(feature_tables.c.id))
        return [MadeTable(row["made"], record(FeatureTable, row)) for row in rows]

    def newest_features(self, pipeline: str) -> int | None:
        """The number of the table that was made last: as long as it stays, so do the values."""
        with self.database.reading() as connection:
            row = newest(connection, feature_tables, pipeline=pipeline)
        return None if row is None else int(row["id"])

    def feature_values(self, pipeline: str) -> Current | None:
        """The newest table by key; None before the first night."""
        rows = self._rows(sa.select(feature_values).filter_by(pipeline=pipeline))
        if not rows:
            return None
        values: dict[str, dict[str, float | None]] = {}
        for row in rows:
            values.setdefault(row["name"], {})[row["key"]] = row["value"]
        return Current(rows[0]["at"], {row["name"]: row["definition"] for row in rows}, values)

    @staticmethod
    def _has_newer(connection: sa.Connection, table: FeatureTable) -> bool:
        newer = sa.select(feature_tables.c.id).filter_by(pipeline=table.pipeline).where(feature_tables.c.at > table.at)
        return connection.execute(newer.limit(1)).first() is not None


def _rows(table: FeatureTable, values: Values) -> "list[dict[str, object]]":
    common = {"pipeline": table.pipeline, "at": table.at}
    return [
        common | {"name": name, "key": key, "value": value, "definition": table.features[name]}
        for name, found in values.items()
        for key, value in found.items()
    ]
