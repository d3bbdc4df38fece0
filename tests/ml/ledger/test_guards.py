"""Books of facts are append-only in the database itself, whoever asks it."""

import sqlite3
from datetime import date

import pytest
import sqlalchemy as sa

from ml.ledger import Ledger, guards
from ml.records import Batch, Decision
from tests.databases import fresh
from tests.ml.ledger.test_chain import fill
from tests.ml.ledger.test_database import (
    CALIBRATION,
    ESTIMATED,
    OUTCOMES,
    PERFORMANCE,
    PREDICTION,
    QUESTION,
    REMOVAL,
    REPORT,
)
from tests.ml.ledger.test_features import made as feature_table
from tests.ml.ledger.test_tryouts import tryout, verdict
from tests.ml.ledger.test_weighings import WEIGHED

DAY = date(2013, 1, 31)


def run(ledger, *statements):
    """As any client would: the driver alone, nothing of ours."""
    if not ledger.database.is_postgres:
        with sqlite3.connect(ledger.database.file) as connection:
            for statement in statements:
                connection.execute(statement)
        return
    import psycopg2

    url = ledger.database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()


def full(ledger):
    """Something in each book."""
    fill(ledger, rows=2)
    ledger.record_batches([Batch(pipeline="p", day=DAY, rows=1, uri="u", fingerprint="f")])
    ledger.record_calibration(CALIBRATION)
    ledger.record_drift(REPORT)
    ledger.record_question(QUESTION)
    ledger.record_removal(REMOVAL)
    ledger.record_settlement("flights")
    ledger.record_predictions([PREDICTION])
    ledger.record_outcomes(OUTCOMES)
    ledger.record_performance([PERFORMANCE], DAY)
    ledger.record_estimate(ESTIMATED, DAY)
    ledger.record_features(feature_table(), {})
    ledger.record_tryout(tryout())
    ledger.record_tryout_verdict(verdict())
    ledger.record_weighing(WEIGHED)
    with ledger.attempt("p", DAY, "pull") as attempt:
        attempt.done({"record": "x"})
    return ledger


@pytest.fixture
def filled(ledger):
    return full(ledger)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.integration)])
def guarded(request, tmp_path_factory):
    """A ledger of each kind for all attempts to change it: none of them may leave a trace."""
    postgres = request.param == "postgres"
    file = tmp_path_factory.mktemp("guarded") / "ledger.db"
    ledger = Ledger.open(fresh(request.getfixturevalue("postgres_server")) if postgres else f"sqlite:///{file}")
    ledger.migrate()
    before = counts(full(ledger))
    yield ledger
    assert counts(ledger) == before


def counts(ledger):
    with ledger.database.reading() as connection:
        return {book: connection.execute(sa.text(f"SELECT count(*) FROM {book}")).scalar() for book in guards.GUARDED}


def test_every_book_is_guarded_or_a_queue_a_register_or_a_copy():
    from ml.ledger.tables import metadata

    assert set(metadata.tables) - set(guards.GUARDED) == {"alerts", "callers", "feature_values"}


@pytest.mark.parametrize(
    ("book", "statement"),
    [
        *((book, "UPDATE {} SET pipeline = 'x'") for book in guards.GUARDED),
        *((book, "DELETE FROM {}") for book in sorted(set(guards.GUARDED) - set(guards.UNCHANGED))),
    ],
)
def test_a_change_fails_in_the_database_itself(book, statement, guarded):
    with pytest.raises(Exception, match=f"{book}.* is append-only: its rows are never changed or deleted"):
        run(guarded, statement.format(book))


@pytest.mark.parametrize("book", sorted(set(guards.GUARDED) - set(guards.UNCHANGED)))
def test_a_row_cannot_be_replaced_nor_the_book_emptied(book, guarded):
    if guarded.database.is_postgres:
        statement = f"TRUNCATE {book}"
    else:
        statement = f"INSERT OR REPLACE INTO {book} SELECT * FROM {book}"
    with pytest.raises(Exception, match=f"{book} is append-only"):
        run(guarded, statement)


@pytest.mark.parametrize("book", guards.UNCHANGED)
def test_a_row_whose_time_is_over_can_go(book, filled):
    run(filled, f"DELETE FROM {book}")
    assert filled.predicted_days("p") == {}


@pytest.mark.integration
def test_a_partition_is_guarded_as_the_whole_table_is(postgres):
    ledger = Ledger.open(postgres)
    ledger.migrate()
    ledger.record_predictions([PREDICTION])
    with pytest.raises(Exception, match="is append-only"):
        run(ledger, "UPDATE predictions_20130131 SET probability = 1")


@pytest.mark.integration
def test_a_session_that_replays_another_server_is_guarded_too(postgres):
    ledger = Ledger.open(postgres)
    ledger.migrate()
    fill(ledger, rows=1)
    with pytest.raises(Exception, match="decisions is append-only"):
        run(ledger, "SET session_replication_role = replica", "DELETE FROM decisions")


def test_an_attempt_that_runs_may_still_be_written_on(ledger):
    with ledger.attempt("p", DAY, "pull") as attempt:
        attempt.link(mlflow="abc")
    assert ledger.step_rows("p")[0].outcome == "done"


def test_a_guard_that_somebody_took_away_is_missed_and_set_up_again(filled, unguarded):
    with filled.database.reading() as connection:
        assert guards.missing(connection) == []
    unguarded(filled, "decisions", "UPDATE decisions SET by = 'eve' WHERE id = 1", again=False)
    with filled.database.reading() as connection:
        assert guards.missing(connection) == ["decisions"]
    filled.migrate()
    with filled.database.reading() as connection:
        assert guards.missing(connection) == []
    with pytest.raises(Exception, match="append-only"):
        run(filled, "DELETE FROM decisions")


def test_the_ledger_can_still_be_written_to(filled):
    assert filled.record_decision(Decision(pipeline="p", day=DAY, retrain=False)) == 3
    assert isinstance(filled.database.engine, sa.Engine)
