"""Rows from a database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, field_validator

from ml.days import Span
from ml.errors import ConfigError, DataError, NightshiftError, ServiceUnavailable
from ml.sources.source import CHUNK_ROWS, BaseSource, bounds, zone

if TYPE_CHECKING:
    import polars as pl
    from sqlalchemy import URL, Connection, Engine, TextClause
    from sqlalchemy.exc import DBAPIError

_NEEDED = ("start", "end")
_CONNECT_SECONDS = 10
# SQLSTATE classes: what a query names is gone (42703 column, 42P01 table, 42883 function, 3F000 schema); data
# exceptions (22); a statement that cannot be understood or is not allowed (42); a timeout or an administrator (57).
_GONE = ("42703", "42P01", "42883", "3F000", "22")
_WRONG = ("42", "25")


class SqlSource(BaseSource):
    """The rows that a query gives, streamed from a server-side cursor in a read-only transaction.

    The query binds ``:start`` and ``:end``, the first local instant of the span and the first one after it, and,
    where it likes, ``:as_of``: what was not known then must not be in its rows. On Postgres the session is in the
    pipeline's timezone, so times with and without a zone compare as the owner means them.

    ``connection`` is a name; the address is in the environment as ``NIGHTSHIFT_CONNECTION_<NAME>``. ``timeout`` is
    in seconds, for the query and for each piece that is fetched.
    """

    kind: Literal["sql"] = "sql"
    connection: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    query: str
    timeout: int = Field(default=600, ge=1)

    @field_validator("query")
    @classmethod
    def _bound(cls, query: str) -> str:
        absent = [f":{name}" for name in _NEEDED if not re.search(rf"(?<![:\w]):{name}\b", query)]
        if absent:
            raise ValueError(f"the query does not bind {' and '.join(absent)}, so it would read all days")
        return query

    @property
    def place(self) -> str:
        return f"connection {self.connection}"

    def _chunks(self, span: Span, as_of: datetime, connections: Mapping[str, str]) -> Iterator[pl.DataFrame]:
        import sqlalchemy

        engine = self._engine(connections)
        statement = sqlalchemy.text(self.query.rstrip().rstrip(";"))
        with self._sentences(engine), engine.connect() as connection:
            self._prepare(connection, zone(as_of))
            result = connection.execute(
                statement.bindparams(*_parameters(statement, span, as_of)),
                execution_options={"stream_results": True, "max_row_buffer": CHUNK_ROWS},
            )
            schema = _schema(self._names(result.keys()), result.cursor.description if result.cursor else ())
            for rows in result.partitions(CHUNK_ROWS):
                yield _frame(rows, schema)

    def _engine(self, connections: Mapping[str, str]) -> Engine:
        """An engine without a pool; it opens nothing yet."""
        import sqlalchemy

        variable = f"NIGHTSHIFT_CONNECTION_{self.connection.upper()}"
        if self.connection not in connections:
            known = ", ".join(sorted(connections)) or "none"
            raise ConfigError(f"connection {self.connection} is unknown (known: {known}); set {variable} to its URL")
        try:
            url = sqlalchemy.make_url(connections[self.connection])
            postgres = {"connect_timeout": _CONNECT_SECONDS} if url.get_backend_name() == "postgresql" else {}
            return sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool, connect_args=postgres)
        except (sqlalchemy.exc.ArgumentError, ValueError, ImportError):
            # the error, and so its traceback, may quote the URL with its password
            raise ConfigError(
                f"{variable} is not a database URL that can be used here; write for example "
                "postgresql+psycopg2://user:password@host:5432/database, with special characters percent-encoded"
            ) from None

    def _prepare(self, connection: Connection, timezone: str) -> None:
        """Make the transaction read-only, bounded in time, and local to the pipeline."""
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA query_only = ON")
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
            settings = {"statement_timeout": f"{self.timeout}s", "TimeZone": timezone}
            for name, value in settings.items():
                connection.exec_driver_sql("SELECT set_config(%s, %s, true)", (name, value))

    def _names(self, names: Any) -> list[str]:
        given: list[str] = list(names)
        twice = sorted({name for name in given if given.count(name) > 1})
        if twice:
            raise ConfigError(f"the query of {self.place} gives {', '.join(twice)} more than once")
        return given

    @contextmanager
    def _sentences(self, engine: Engine) -> Iterator[None]:
        """Whatever the database objects to, as a sentence without password or parameters."""
        from sqlalchemy.exc import DBAPIError, StatementError

        try:
            yield
        except DBAPIError as error:
            raise _sentence(error, f"{self.place} ({_address(engine.url)})") from error
        except StatementError as error:
            raise ConfigError(f"the query of {self.place} cannot be run: {error.orig}") from error


def _address(url: URL) -> str:
    return f"{url.host}:{url.port or 'default port'}/{url.database}" if url.host else str(url.database)


def _parameters(statement: TextClause, span: Span, as_of: datetime) -> list[Any]:
    import sqlalchemy

    start, end = bounds(span)
    naive, aware = sqlalchemy.DateTime(), sqlalchemy.DateTime(timezone=True)
    known = {"start": (start, naive), "end": (end, naive), "as_of": (as_of, aware)}
    asked = [name for name in known if name in statement.compile().params]
    return [sqlalchemy.bindparam(name, known[name][0], type_=known[name][1]) for name in asked]


def _schema(names: Sequence[str], description: Sequence[Any]) -> dict[str, pl.DataType | None]:
    """The types that the cursor tells, so that every chunk has them; None where they must be seen from the values."""
    import polars as pl

    # the type oids of Postgres: bool, int8, int2, int4, float4, float8, numeric, text, bpchar, varchar, date,
    # timestamp; no other driver tells numbers like these
    known = {16: pl.Boolean(), 20: pl.Int64(), 21: pl.Int64(), 23: pl.Int64(), 700: pl.Float64(), 701: pl.Float64()}
    known |= {25: pl.String(), 1042: pl.String(), 1043: pl.String(), 1082: pl.Date(), 1114: pl.Datetime("us")}
    told = {column[0]: known.get(column[1]) for column in description}
    return {name: told.get(name) for name in names}


def _frame(rows: Sequence[Any], schema: Mapping[str, pl.DataType | None]) -> pl.DataFrame:
    import polars as pl

    columns = zip(schema.items(), zip(*rows, strict=True), strict=True)
    return pl.DataFrame([_column(name, values, dtype) for (name, dtype), values in columns])


def _column(name: str, values: Sequence[Any], dtype: pl.DataType | None) -> pl.Series:
    import polars as pl

    if dtype is not None:
        return pl.Series(name, values, dtype=dtype)
    column = pl.Series(name, values, strict=False)
    if column.dtype.is_object() or column.dtype.is_nested():
        return pl.Series(name, [None if value is None else str(value) for value in values], dtype=pl.String)
    return column


def _sentence(error: DBAPIError, where: str) -> NightshiftError:
    said = str(error.orig).strip().split("\n")[0]
    state = str(getattr(error.orig, "pgcode", None) or "")
    if state.startswith(_GONE) or said.startswith(("no such column", "no such table", "no such function")):
        return DataError(f"{where} no longer has what the query asks for: {said}")
    if state.startswith(_WRONG) or "syntax error" in said:
        return ConfigError(f"the query cannot be run on {where}: {said}")
    return ServiceUnavailable(f"{where} did not answer: {said}")
