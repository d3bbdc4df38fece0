"""Everything acknowledged arrives in the ledger, exactly once."""

import signal
import subprocess
import sys
import time

import pytest

from ml.days import Span
from ml.errors import ServiceUnavailable
from ml.ledger import Ledger
from ml.predictions.shipper import Shipper
from ml.predictions.spool import Spool

SERVICE = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from ml.ledger import Ledger
from ml.predictions.ids import new_id
from ml.predictions.shipper import Shipper
from ml.predictions.spool import Spool
from ml.records import Prediction

spool = Spool(Path(sys.argv[1]), segment=4000)
Shipper(spool, Ledger.open(sys.argv[2]), pause=0.005).start()
while True:
    now, day = datetime.now(UTC), date(2013, 2, 1)
    made = [Prediction(id=new_id(), pipeline="late", version=1, role="production", at=now, key={"n": n}, day=day,
                       probability=0.5) for n in range(3)]
    spool.append(made)
    print("\\n".join(p.id for p in made), flush=True)
"""


class Away:
    """A ledger that is away for so many tries, and takes what it gets after that."""

    def __init__(self, tries):
        self.tries, self.got = tries, []

    def record_predictions(self, made):
        self.tries -= 1
        if self.tries >= 0:
            raise ServiceUnavailable("the ledger at here did not answer: gone")
        self.got += made
        return len(made)


@pytest.fixture
def ledger(tmp_path):
    opened = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}")
    opened.migrate()
    return opened


def ids(ledger, predicted):
    day = predicted()[0].day
    return [prediction.id for prediction in ledger.predictions("late", Span(day, day))]


def test_what_was_appended_is_moved_and_its_segments_go(predicted, ledger, tmp_path):
    given = predicted(5)
    with Spool(tmp_path / "spool", segment=700) as spool:
        for prediction in given:
            spool.append([prediction])
        assert Shipper(spool, ledger).ship() == 5
        assert (spool.sealed(), spool.held) == ([], 0)
    assert ids(ledger, predicted) == sorted(p.id for p in given)


def test_a_segment_that_was_committed_but_not_deleted_arrives_once(predicted, ledger, tmp_path, monkeypatch):
    with Spool(tmp_path / "spool") as spool:
        spool.append(predicted(3))
        monkeypatch.setattr(spool, "remove", lambda path: None)
        assert Shipper(spool, ledger).ship() == 3
        monkeypatch.undo()
        assert Shipper(spool, ledger).ship() == 0
        assert len(ids(ledger, predicted)) == 3


def test_while_the_ledger_is_away_everything_waits_and_a_sentence_says_so(predicted, tmp_path, caplog):
    ledger = Away(tries=2)
    with Spool(tmp_path) as spool:
        shipper = Shipper(spool, ledger)
        spool.append(predicted(2))
        shipper.once()
        assert "did not answer: gone; " in shipper.trouble
        assert f"bytes of predictions wait in {tmp_path}" in shipper.trouble
        spool.append(predicted(2))
        shipper.once()
        assert (ledger.got, len(spool.sealed())) == ([], 1)
        shipper.once()
        assert (len(ledger.got), shipper.trouble, spool.held) == (4, None, 0)
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]


def test_a_damaged_line_stays_for_a_person_and_the_others_arrive(predicted, tmp_path, caplog):
    ledger = Away(tries=0)
    with Spool(tmp_path) as spool:
        spool.append(predicted())
        spool.seal()
        (path,) = spool.sealed()
        path.write_bytes(b"x\n" + path.read_bytes())
        Shipper(spool, ledger).ship()
        assert (len(ledger.got), spool.sealed()) == (1, [])
        assert (tmp_path / f"{path.name}.damaged").exists()
    assert "line 1 of" in caplog.text


def test_the_thread_moves_by_itself_and_moves_the_rest_when_it_is_stopped(predicted, ledger, tmp_path):
    with Spool(tmp_path / "spool") as spool:
        shipper = Shipper(spool, ledger, pause=0.01).start()
        spool.append(predicted(2))
        waited = time.monotonic() + 30
        while spool.held and time.monotonic() < waited:
            time.sleep(0.01)
        assert (spool.held, shipper.alive) == (0, True)
        shipper._stop.set()
        shipper._thread.join()
        spool.append(predicted(1))
        shipper.stop()
        assert len(ids(ledger, predicted)) == 3


def kill(folder, address, lines):
    """Run a service until it acknowledged so many predictions, then kill it; gives those."""
    command = [sys.executable, "-c", SERVICE, str(folder), address]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    acknowledged = [process.stdout.readline().strip() for _ in range(lines)]
    process.send_signal(signal.SIGKILL)
    return acknowledged + [line for line in process.communicate()[0].split("\n")[:-1] if len(line) == 32]


def test_a_service_killed_again_and_again_loses_nothing_and_doubles_nothing(predicted, ledger, tmp_path):
    address = f"sqlite:///{tmp_path / 'ledger.db'}"
    acknowledged = [name for lines in (60, 300, 900) for name in kill(tmp_path / "spool", address, lines)]
    with Spool(tmp_path / "spool") as spool:
        Shipper(spool, ledger).ship()
    arrived = ids(ledger, predicted)
    assert len(arrived) == len(set(arrived))
    assert set(acknowledged) <= set(arrived)


@pytest.mark.integration
def test_a_database_that_is_killed_under_load_gets_everything_once_it_is_back(predicted, postgres, tmp_path):
    import psycopg2

    ledger = Ledger.open(postgres)
    ledger.migrate()
    given = predicted(200)
    with Spool(tmp_path, segment=2000) as spool:
        shipper = Shipper(spool, ledger, pause=0.001).start()
        for number, prediction in enumerate(given):
            spool.append([prediction])
            if number % 40 == 0:
                connection = psycopg2.connect(postgres.replace("+psycopg2", ""))
                connection.autocommit = True
                connection.cursor().execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'nightshift'"
                )
                connection.close()
        shipper.stop()
        shipper.ship()
    assert ids(ledger, predicted) == sorted(p.id for p in given)
