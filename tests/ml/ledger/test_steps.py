"""One row per step and attempt, whatever happens to the process."""

import signal
import subprocess
import sys
from datetime import date, timedelta

import pytest

from ml.errors import DataError, ServiceUnavailable
from ml.ledger import Ledger

DAY = date(2013, 1, 31)

WAITS_FOREVER = """
import sys, time
from datetime import date
from ml.ledger import Ledger
with Ledger.open(sys.argv[1]).attempt("flights", date(2013, 1, 31), "train"):
    print("at work", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def other(address: str, ledger: Ledger):
    """Another process, in the middle of ``train`` of the same day."""
    process = subprocess.Popen([sys.executable, "-c", WAITS_FOREVER, address], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_step_that_ends_well_is_done_with_its_output(ledger):
    with ledger.attempt("flights", DAY, "pull", inputs=[{"uri": "a"}], external={"dag_id": "nightly"}) as attempt:
        attempt.done({"rows": 5, "score": float("nan")})
    (row,) = ledger.step_rows("flights", DAY)
    assert (row.outcome, row.attempt, row.output) == ("done", 1, {"rows": 5, "score": "NaN"})
    assert row.inputs == [{"uri": "a"}]
    assert row.external == {"dag_id": "nightly"}
    assert row.seconds is not None


def test_a_step_that_raises_is_failed_with_the_sentence(ledger):
    with pytest.raises(DataError), ledger.attempt("flights", DAY, "pull"):
        raise DataError("rows 812 < 5000 in flights 2013-01-31")
    (row,) = ledger.step_rows("flights", DAY)
    assert (row.outcome, row.error) == ("failed", "rows 812 < 5000 in flights 2013-01-31")


def test_an_unknown_error_is_kept_with_its_type_and_without_secrets(ledger):
    with pytest.raises(ValueError, match="no luck"), ledger.attempt("flights", DAY, "pull"):
        raise ValueError("no luck at http://ada:secret@host/")
    assert ledger.step_rows("flights")[0].error == "ValueError: no luck at http://***@host/"


def test_an_interrupted_step_is_failed(ledger):
    with pytest.raises(KeyboardInterrupt), ledger.attempt("flights", DAY, "pull"):
        raise KeyboardInterrupt
    assert ledger.step_rows("flights")[0].outcome == "failed"


def test_a_skipped_step_says_why(ledger):
    with ledger.attempt("flights", DAY, "promote") as attempt:
        attempt.skipped("the gates objected")
    (row,) = ledger.step_rows("flights")
    assert (row.outcome, row.error, row.output) == ("skipped", "the gates objected", None)


def test_each_attempt_has_a_number_and_the_output_is_that_of_the_newest_done(ledger):
    for n in range(2):
        with ledger.attempt("flights", DAY, "pull") as attempt:
            attempt.done({"n": n})
    with pytest.raises(DataError), ledger.attempt("flights", DAY, "pull"):
        raise DataError("no")
    assert [row.attempt for row in ledger.step_rows("flights")] == [1, 2, 3]
    assert ledger.output("flights", DAY, "pull") == {"n": 1}


def test_no_output_before_a_step_was_done(ledger):
    assert ledger.output("flights", DAY, "pull") is None


def test_a_link_is_kept_while_the_step_still_runs(ledger):
    with ledger.attempt("flights", DAY, "train", external={"dag_id": "retrain"}) as attempt:
        attempt.link(mlflow="abc")
        (row,) = ledger.step_rows("flights")
        assert (row.outcome, row.external) == ("running", {"dag_id": "retrain", "mlflow": "abc"})


def test_text_that_postgres_cannot_hold_is_replaced_not_lost(ledger):
    with ledger.attempt("flights", DAY, "pull") as attempt:
        attempt.done({"carrier": "A\0\ud800"})
    assert ledger.output("flights", DAY, "pull")["carrier"].startswith("A\ufffd")


def test_two_processes_cannot_do_the_same_step_of_a_day(ledger, other):
    with (
        pytest.raises(ServiceUnavailable, match=rf"train of flights 2013-01-31 .* pid {other.pid} on .* since 20"),
        ledger.attempt("flights", DAY, "train", wait=0.1),
    ):
        pass
    assert [row.outcome for row in ledger.step_rows("flights")] == ["running"]


def test_another_day_and_another_step_are_free(ledger, other):
    with ledger.attempt("flights", date(2013, 2, 1), "train", wait=0.1), ledger.attempt("flights", DAY, "pull"):
        pass


def test_after_kill_9_the_step_can_be_done_again_and_the_dead_attempt_is_lost(ledger, other):
    other.send_signal(signal.SIGKILL)
    other.wait()
    with ledger.attempt("flights", DAY, "train") as attempt:
        assert attempt.number == 2
    lost, done = ledger.step_rows("flights")
    assert (lost.outcome, lost.pid, done.outcome) == ("lost", other.pid, "done")


@pytest.mark.integration
def test_an_attempt_that_was_taken_over_does_not_claim_to_be_done(postgres, cut_lock_sessions):
    ledger = Ledger.open(postgres)
    ledger.migrate()
    first = ledger.attempt("flights", DAY, "train")
    first.__enter__()
    cut_lock_sessions(postgres)
    with ledger.attempt("flights", DAY, "train"):
        pass
    with pytest.raises(ServiceUnavailable, match="another attempt took over"):
        first.__exit__(None, None, None)
    assert [row.outcome for row in ledger.step_rows("flights")] == ["lost", "done"]


@pytest.mark.integration
def test_a_restart_of_the_server_alone_does_not_cost_a_step(postgres, cut_lock_sessions):
    ledger = Ledger.open(postgres)
    ledger.migrate()
    with ledger.attempt("flights", DAY, "train"):
        cut_lock_sessions(postgres)
    assert [row.outcome for row in ledger.step_rows("flights")] == ["done"]


@pytest.mark.integration
def test_the_failure_of_a_step_is_not_hidden_by_a_database_that_went_away(postgres, postgres_server):
    ledger = Ledger.open(postgres)
    ledger.migrate()
    step = ledger.attempt("flights", DAY, "pull")
    step.__enter__()
    drop(postgres_server, postgres.rsplit("/", 1)[1])
    error = DataError("no rows")
    assert not step.__exit__(DataError, error, None)
    assert "not in the ledger" in error.__notes__[0]


def drop(server: str, database: str) -> None:
    import psycopg2

    connection = psycopg2.connect(server.replace("+psycopg2", ""))
    connection.autocommit = True
    connection.cursor().execute(f'DROP DATABASE "{database}" WITH (FORCE)')
    connection.close()


def test_the_outputs_of_a_step_are_told_by_day_the_newest_that_was_done(ledger):
    for day, found in ((DAY, "first"), (DAY, "second"), (DAY + timedelta(days=1), None)):
        with ledger.attempt("flights", day, "diagnose") as attempt:
            if found:
                attempt.done({"found": found})
            else:
                attempt.skipped("nothing to do")
    assert ledger.outputs("flights", "diagnose") == {DAY: {"found": "second"}}
