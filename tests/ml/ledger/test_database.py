"""No failure of the database goes by a foreign name."""

import inspect
import socket
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ml.days import Span
from ml.errors import ConfigError, NightshiftError, ServiceUnavailable
from ml.ledger import Ledger
from ml.ledger.database import without_secrets
from ml.records import (
    Alert,
    Approval,
    Batch,
    Calibration,
    Caller,
    Decision,
    DriftReport,
    Estimated,
    Outcomes,
    Performance,
    Prediction,
    Promotion,
    QuarantineAct,
    Question,
    Removal,
)
from tests.ml.ledger.test_features import made as feature_table
from tests.ml.ledger.test_tryouts import tryout, verdict
from tests.ml.ledger.test_weighings import WEIGHED

DAY = date(2013, 1, 31)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ALERT = Alert(key="k", pipeline="p", day=DAY, kind="drift", subject="s", text="t", html="h")
REPORT = DriftReport(
    pipeline="p", day=DAY, reference=(DAY, DAY), current=(DAY, DAY), reference_rows=1, current_rows=1, columns=()
)
CALIBRATION = Calibration(
    pipeline="p",
    day=DAY,
    asked=30,
    sentence="s",
    settings="s",
    calendar="c",
    data="d",
    first=None,
    last=None,
    nights=0,
    blocks=0,
    expires=DAY,
    code_version="v",
)
BATCH = Batch(pipeline="p", day=DAY, rows=1, uri="u", fingerprint="f")
REMOVAL = Removal(pipeline="p", kind="page", what="p/drift/1.html", bytes=1, why="old", since=NOW, by="me", at=NOW)
CALLER = Caller(name="desk", scopes=("*",), digest="d", by="ada", at=NOW)
PREDICTION = Prediction(
    id="0" * 32, pipeline="p", version=1, role="production", at=NOW, key={"n": 1}, day=DAY, probability=0.5
)
COUNTS = {"predictions": 1, "known": 1, "waiting": 0, "never": 0, "unmatched": 0}
OUTCOMES = Outcomes(pipeline="p", day=DAY, night=DAY, batch="f", uri="u", fingerprint="f", **COUNTS)
PERFORMANCE = Performance(
    pipeline="p", day=DAY, first=DAY, version=1, role="production", metric="log_loss", state="unknown", why="few rows"
)
ESTIMATED = Estimated(
    pipeline="p",
    day=DAY,
    version=1,
    role="production",
    metric="log_loss",
    state="estimated",
    value=0.5,
    interval=(0.4, 0.6),
    level=0.95,
    rows=90,
    learned=(DAY, DAY),
    guess=0.5,
)
ACT = QuarantineAct(pipeline="p", day=DAY, act="discard", by="ada", why="w", at=NOW)
PROMOTION = Promotion(pipeline="p", day=DAY, version=1, previous=None, run_id="r", snapshot="s", at=NOW)
QUESTION = Question(pipeline="p", day=DAY, run_id="r", version=1, champion_version=None, deadline=NOW, at=NOW)
ANSWER = Approval(pipeline="p", day=DAY, run_id="r", version=1, answer="approved", by="ada", at=NOW)


def entered(manager):
    with manager:
        pass


CALLS = {
    "migrate": lambda ledger: ledger.migrate(),
    "is_current": lambda ledger: ledger.is_current(),
    "lock": lambda ledger: entered(ledger.lock("x")),
    "attempt": lambda ledger: entered(ledger.attempt("p", DAY, "pull")),
    "step_rows": lambda ledger: ledger.step_rows("p"),
    "output": lambda ledger: ledger.output("p", DAY, "pull"),
    "record_batches": lambda ledger: ledger.record_batches([BATCH]),
    "batches": lambda ledger: ledger.batches("p"),
    "record_decision": lambda ledger: ledger.record_decision(Decision(pipeline="p", day=DAY, retrain=True)),
    "decisions": lambda ledger: ledger.decisions("p"),
    "record_promotion": lambda ledger: ledger.record_promotion(PROMOTION),
    "promotions": lambda ledger: ledger.promotions("p"),
    "in_production": lambda ledger: ledger.in_production("p"),
    "record_outside": lambda ledger: ledger.record_outside([PROMOTION]),
    "settled": lambda ledger: ledger.settled("p"),
    "record_settlement": lambda ledger: ledger.record_settlement("p"),
    "decision_number": lambda ledger: ledger.decision_number(Decision(pipeline="p", day=DAY, retrain=True)),
    "record_question": lambda ledger: ledger.record_question(QUESTION),
    "record_answer": lambda ledger: ledger.record_answer(ANSWER),
    "questions": lambda ledger: ledger.questions("p"),
    "unanswered": lambda ledger: ledger.unanswered("p"),
    "answer": lambda ledger: ledger.answer("p", 1),
    "answers": lambda ledger: ledger.answers("p"),
    "production_at": lambda ledger: ledger.production_at("p", NOW),
    "record_drift": lambda ledger: ledger.record_drift(REPORT),
    "record_act": lambda ledger: ledger.record_act(ACT, BATCH),
    "acts": lambda ledger: ledger.acts("p"),
    "waived": lambda ledger: ledger.waived("p"),
    "pulls": lambda ledger: ledger.pulls("p"),
    "verdicts": lambda ledger: ledger.verdicts("p"),
    "outputs": lambda ledger: ledger.outputs("p", "pull"),
    "record_calibration": lambda ledger: ledger.record_calibration(CALIBRATION),
    "calibrations": lambda ledger: ledger.calibrations("p"),
    "drift_history": lambda ledger: ledger.drift_history("p"),
    "enqueue": lambda ledger: ledger.enqueue(ALERT),
    "alert": lambda ledger: ledger.alert("k"),
    "pending": lambda ledger: ledger.pending(),
    "unguarded": lambda ledger: ledger.unguarded(),
    "alerts_of": lambda ledger: ledger.alerts_of("p", DAY),
    "unsent": lambda ledger: ledger.unsent("p"),
    "heads": lambda ledger: ledger.heads(),
    "hashes": lambda ledger: ledger.hashes("decisions"),
    "rows_ever": lambda ledger: ledger.rows_ever("p"),
    "record_removal": lambda ledger: ledger.record_removal(REMOVAL),
    "removals": lambda ledger: ledger.removals("p"),
    "removal": lambda ledger: ledger.removal("p/drift/1.html"),
    "record_predictions": lambda ledger: ledger.record_predictions([PREDICTION]),
    "predictions": lambda ledger: ledger.predictions("p", Span(DAY, DAY)),
    "prediction": lambda ledger: ledger.prediction("0"),
    "predicted_days": lambda ledger: ledger.predicted_days("p"),
    "forget_predictions": lambda ledger: ledger.forget_predictions("p", DAY),
    "record_outcomes": lambda ledger: ledger.record_outcomes(OUTCOMES),
    "outcomes": lambda ledger: ledger.outcomes("p"),
    "record_performance": lambda ledger: ledger.record_performance([PERFORMANCE], DAY),
    "performance": lambda ledger: ledger.performance("p"),
    "record_estimate": lambda ledger: ledger.record_estimate(ESTIMATED, DAY),
    "estimates": lambda ledger: ledger.estimates("p"),
    "record_caller": lambda ledger: ledger.record_caller(CALLER),
    "revoke_caller": lambda ledger: ledger.revoke_caller("desk", "ada", NOW),
    "callers": lambda ledger: ledger.callers(),
    "record_seen": lambda ledger: ledger.record_seen({"d": NOW}),
    "record_tryout": lambda ledger: ledger.record_tryout(tryout()),
    "record_tryout_verdict": lambda ledger: ledger.record_tryout_verdict(verdict()),
    "tryouts": lambda ledger: ledger.tryouts("p"),
    "tryout": lambda ledger: ledger.tryout("p", 2),
    "tryout_verdict": lambda ledger: ledger.tryout_verdict("p", 2),
    "record_features": lambda ledger: ledger.record_features(feature_table(), {}),
    "feature_tables": lambda ledger: ledger.feature_tables("p"),
    "newest_features": lambda ledger: ledger.newest_features("p"),
    "feature_values": lambda ledger: ledger.feature_values("p"),
    "sent": lambda ledger: ledger.sent("p"),
    "record_weighing": lambda ledger: ledger.record_weighing(WEIGHED),
    "weighings": lambda ledger: ledger.weighings("p"),
    "broken": lambda ledger: ledger.broken("decisions"),
    "claim": lambda ledger: entered(ledger.claim("k")),
}


@pytest.fixture
def nobody() -> str:
    """A Postgres address where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"postgresql+psycopg2://ada:s3cret@127.0.0.1:{free.getsockname()[1]}/nightshift"


def test_every_method_of_the_ledger_is_among_the_calls():
    public = {name for name, _ in inspect.getmembers(Ledger, inspect.isfunction) if not name.startswith("_")}
    assert public == set(CALLS)


@pytest.mark.parametrize("call", CALLS)
def test_a_database_that_is_down_is_unavailable_and_its_password_unsaid(nobody, call):
    with pytest.raises(ServiceUnavailable, match=r"the ledger at 127.0.0.1:\d+/nightshift did not answer") as caught:
        CALLS[call](Ledger.open(nobody))
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("call", sorted(set(CALLS) - {"migrate", "is_current", "lock", "unguarded"}))
def test_a_database_without_a_ledger_is_a_wrong_setting(address, call):
    with pytest.raises(ConfigError, match="not of this version"):
        CALLS[call](Ledger.open(address))


@pytest.mark.integration
def test_a_connection_that_is_cut_in_the_middle_is_unavailable(postgres):
    import sqlalchemy as sa

    ledger = Ledger.open(postgres)
    with pytest.raises(ServiceUnavailable), ledger.database.writing() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))


@pytest.mark.integration
def test_a_wrong_password_is_said_without_the_password(postgres):
    wrong = postgres.replace("nightshift:", "nightshift:s3cret", 1)
    with pytest.raises(ServiceUnavailable, match="password authentication failed") as caught:
        Ledger.open(wrong).pending()
    assert "s3cret" not in str(caught.value)


def test_a_file_that_is_no_database_is_a_wrong_setting(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("not a database " * 100)
    with pytest.raises(ConfigError, match="not a ledger"):
        Ledger.open(f"sqlite:///{tmp_path / 'notes.txt'}").pending()


@pytest.mark.parametrize(
    "address",
    ["no url", "mysql://u:s3cret@h/d", "sqlite://", "sqlite:///:memory:", "postgresql+psycopg2://u:s3cret@h:port/d"],
)
def test_another_kind_of_address_is_a_wrong_setting(address):
    with pytest.raises(NightshiftError) as caught:
        Ledger.open(address)
    assert isinstance(caught.value, ConfigError)
    assert "s3cret" not in str(caught.value)


def test_the_password_is_not_in_the_repr(nobody):
    assert "s3cret" not in repr(Ledger.open(nobody).database)


def test_writers_of_one_sqlite_file_wait_for_each_other(tmp_path: Path):
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}")
    ledger.migrate()
    days = [date(2013, 1, n) for n in range(1, 17)]
    threads = [
        threading.Thread(target=ledger.record_batches, args=([BATCH.model_copy(update={"day": day})],)) for day in days
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [batch.day for batch in ledger.batches("p")] == days


def test_secrets_of_addresses_are_taken_out():
    assert without_secrets("at smtp://ada:pw@host:25, twice: https://b:c@d/") == (
        "at smtp://***@host:25, twice: https://***@d/"
    )
