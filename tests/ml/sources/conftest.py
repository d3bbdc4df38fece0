"""The same rows behind every source, so that the same checks hold for all."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl
import pytest
import sqlalchemy

from ml.sources import BaseSource, FilesSource, SqlSource

QUERY = "SELECT * FROM events WHERE at >= :start AND at < :end"


@dataclass
class Given:
    """A source, and what it needs to be read."""

    source: BaseSource
    connections: dict[str, str]


def to_parquet(rows, directory, fields):
    rows.write_parquet(directory / "events.parquet")
    return Given(FilesSource(path=str(directory / "*.parquet"), **fields), {})


def to_csv(rows, directory, fields):
    rows.write_csv(directory / "events.csv")
    return Given(FilesSource(path=str(directory / "events.csv"), **fields), {})


def to_table(rows, url, fields):
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    kinds = {pl.String: sqlalchemy.Text, pl.Int64: sqlalchemy.BigInteger, pl.Float64: sqlalchemy.Double}
    columns = [sqlalchemy.Column(n, kinds.get(d, sqlalchemy.DateTime)) for n, d in rows.schema.items()]
    table = sqlalchemy.Table("events", sqlalchemy.MetaData(), *columns)
    with engine.begin() as connection:
        table.create(connection)
        if rows.height:
            connection.execute(table.insert(), rows.to_dicts())
    return Given(SqlSource(connection="warehouse", query=QUERY, **fields), {"warehouse": url})


def to_sqlite(rows, directory, fields):
    return to_table(rows, f"sqlite:///{directory / 'events.db'}", fields)


MAKERS: dict[str, Callable[..., Given]] = {"parquet": to_parquet, "csv": to_csv, "sqlite": to_sqlite}


@pytest.fixture(params=[*MAKERS, pytest.param("postgres", marks=pytest.mark.integration)])
def give(request, tmp_path):
    """Puts rows behind a source of each kind in turn."""

    def put(rows, event_time="at", key=("id",)):
        fields = {"event_time": event_time, "key": key}
        if request.param == "postgres":
            return to_table(rows, request.getfixturevalue("postgres"), fields)
        return MAKERS[request.param](rows, tmp_path, fields)

    return put
