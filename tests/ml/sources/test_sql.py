from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl
import psycopg2
import pytest
import sqlalchemy
from pydantic import ValidationError

from ml.days import Span
from ml.errors import ConfigError, DataError, ServiceUnavailable
from ml.sources import SqlSource

NEW_YORK = ZoneInfo("America/New_York")
NIGHT = datetime(2013, 1, 3, 2, tzinfo=NEW_YORK)
DAY = Span(date(2013, 1, 2), date(2013, 1, 2))
WHERE = "WHERE at >= :start AND at < :end"


def source(query, **fields):
    return SqlSource(connection="warehouse", query=query, event_time="at", key=("at",), **fields)


def read(query, url, **fields):
    return list(source(query, **fields).read(DAY, NIGHT, {"warehouse": url}))


@pytest.fixture
def sqlite(tmp_path):
    url = f"sqlite:///{tmp_path / 'events.db'}"
    run(url, "CREATE TABLE events (at DATETIME, x INTEGER)")
    run(url, "INSERT INTO events VALUES ('2013-01-02 12:00:00.000000', 1)")
    return url


@pytest.fixture
def events(postgres):
    run(postgres, "CREATE TABLE events (at timestamp, x numeric)")
    run(postgres, "INSERT INTO events VALUES ('2013-01-02 12:00', 1.5), ('2013-01-02 13:00', NULL)")
    return postgres


def run(url, statement):
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)


def test_an_unknown_connection_is_a_sentence_that_names_the_variable():
    with pytest.raises(ConfigError, match=r"warehouse is unknown .known: other.; set NIGHTSHIFT_CONNECTION_WAREHOUSE"):
        list(source(f"SELECT * FROM events {WHERE}").read(DAY, NIGHT, {"other": "sqlite://"}))


@pytest.mark.parametrize(
    "url", ["not a url:s3cret", "nodatabase://u:s3cret@h/d", "postgresql+psycopg2://u:s3cret@h:x/d"]
)
def test_a_wrong_url_is_a_sentence_without_its_password(url):
    with pytest.raises(ConfigError, match="NIGHTSHIFT_CONNECTION_WAREHOUSE is not a database URL") as caught:
        read(f"SELECT * FROM events {WHERE}", url)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_database_that_is_down_can_be_tried_again_and_the_password_is_not_told():
    with pytest.raises(ServiceUnavailable, match=r"connection warehouse \(127\.0\.0\.1:1/d\) did not answer") as caught:
        read(f"SELECT * FROM events {WHERE}", "postgresql+psycopg2://u:s3cret@127.0.0.1:1/d")
    assert "s3cret" not in str(caught.value)


def test_a_query_that_would_read_all_days_is_refused():
    with pytest.raises(ValidationError, match="does not bind :end"):
        source("SELECT * FROM events WHERE at >= :start AND x::end = 1")


@pytest.mark.parametrize("query", [f"SELECT absent, at FROM events {WHERE}", f"SELECT * FROM nowhere {WHERE}"])
def test_what_upstream_lost_is_wrong_data(sqlite, query):
    with pytest.raises(DataError, match=r"no longer has what the query asks for: no such"):
        read(query, sqlite)


def test_a_query_that_makes_no_sense_is_wrong_config(sqlite):
    with pytest.raises(ConfigError, match="cannot be run on connection warehouse"):
        read(f"SELEKT * FROM events {WHERE}", sqlite)


def test_a_parameter_that_nobody_knows_is_wrong_config(sqlite):
    with pytest.raises(ConfigError, match=r"cannot be run: .*'today'"):
        read(f"SELECT * FROM events {WHERE} AND x < :today", sqlite)


def test_a_column_that_comes_twice_is_wrong_config(sqlite):
    with pytest.raises(ConfigError, match="gives at more than once"):
        read(f"SELECT at, at, x FROM events {WHERE}", sqlite)


def test_what_the_query_gives_outside_the_span_is_left_out(sqlite):
    run(sqlite, "INSERT INTO events VALUES ('2013-01-05 12:00:00.000000', 2)")
    (rows,) = read("SELECT * FROM events WHERE at >= :start OR at < :end", sqlite)
    assert rows["x"].to_list() == [1]


def test_sqlite_is_read_only_too(sqlite):
    with pytest.raises(ServiceUnavailable, match="readonly database"):
        read(f"WITH e AS (SELECT * FROM events {WHERE}) DELETE FROM events WHERE at IN (SELECT at FROM e)", sqlite)


@pytest.mark.integration
def test_types_are_told_by_the_cursor_even_where_all_values_are_null(events):
    (rows,) = read(f"SELECT at, x, NULL::text AS s, 1 = 1 AS b, at::date AS d FROM events {WHERE};", events)
    assert rows.dtypes == [pl.Datetime("us"), pl.Float64, pl.String, pl.Boolean, pl.Date]
    assert rows["x"].to_list() == [1.5, None]


@pytest.mark.integration
def test_values_that_no_file_can_keep_become_text(events):
    query = "SELECT at, '{\"a\": 1}'::jsonb AS j, ARRAY[1, 2] AS a, '10:30'::time AS t, now() - now() AS i FROM events"
    (rows,) = read(f"{query} {WHERE}", events)
    assert rows["j"].to_list() == ["{'a': 1}"] * 2
    assert rows["a"].dtype == pl.String


@pytest.mark.integration
def test_as_of_is_an_instant_and_times_with_a_zone_become_local(events):
    query = (
        "SELECT at, :as_of AT TIME ZONE 'UTC' AS known, at AT TIME ZONE 'UTC' AS zoned, at < :as_of AS past FROM events"
    )
    (rows,) = read(f"{query} {WHERE}", events)
    assert rows.row(0) == (datetime(2013, 1, 2, 12), datetime(2013, 1, 3, 7), datetime(2013, 1, 2, 7), True)


@pytest.mark.integration
@pytest.mark.parametrize(
    ("query", "error", "sentence"),
    [
        (f"SELECT at, nothing FROM events {WHERE}", DataError, 'column "nothing" does not exist'),
        (f"SELECT at FROM nowhere {WHERE}", DataError, 'relation "nowhere" does not exist'),
        (f"SELECT at, 1 / (x - x) FROM events {WHERE}", DataError, "division by zero"),
        (f"SELEKT at FROM events {WHERE}", ConfigError, "syntax error"),
        (f"DELETE FROM events {WHERE} RETURNING at", ConfigError, "DECLARE CURSOR|read-only|syntax error"),
        (f"SELECT at, pg_sleep(3) FROM events {WHERE}", ServiceUnavailable, "statement timeout"),
    ],
)
def test_what_postgres_objects_to_is_a_sentence(events, query, error, sentence):
    with pytest.raises(error, match=sentence):
        read(query, events, timeout=1)


@pytest.mark.integration
def test_a_function_cannot_write_behind_a_query(events):
    run(events, "CREATE FUNCTION wipe() RETURNS int LANGUAGE sql AS 'DELETE FROM events RETURNING 1'")
    with pytest.raises(ConfigError, match="read-only transaction"):
        read(f"SELECT at, wipe() FROM events {WHERE}", events)


@pytest.mark.integration
def test_rows_are_streamed_not_fetched_at_once(events):
    run(events, "INSERT INTO events SELECT '2013-01-02', g FROM generate_series(1, 120000) g")
    chunks = source(f"SELECT * FROM events {WHERE}").read(DAY, NIGHT, {"warehouse": events})
    assert next(chunks).height == 50_000
    assert cursors(events) == 1
    chunks.close()
    assert cursors(events) == 0


def cursors(url):
    """How many other sessions are in the middle of fetching from a cursor."""
    connection = psycopg2.connect(url.replace("+psycopg2", ""))
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'FETCH %' AND state LIKE 'idle in%'")
        count = cursor.fetchone()[0]
    connection.close()
    return count


def test_numbers_are_floats_not_decimals():
    from ml.sources.sql import _column

    assert _column("x", [Decimal("1.5"), None], pl.Float64()).to_list() == [1.5, None]
