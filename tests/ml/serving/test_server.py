"""The service as a process: over HTTP, without MLflow, through SIGTERM and kill -9."""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest

from ml.days import Span
from ml.predictions.segment import decode
from ml.shelf import Copies, Placed
from ml.shelf.fetching import here

pytestmark = pytest.mark.integration
ROOT = Path(__file__).parents[3]


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Process:
    """A running service over a walked workspace, with copies of its version and no MLflow."""

    def __init__(self, walked, folder, shelf, ledger_url=None):
        self.state, self.port, self.ledger = folder, free_port(), walked.ledger
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "OMP_NUM_THREADS": "1",
            "NIGHTSHIFT_HOME": str(folder / "no-stack"),
            "NIGHTSHIFT_CONFIG": str(walked.pipelines.parent),
            "NIGHTSHIFT_LAKE": str(walked.lake.root),
            "NIGHTSHIFT_LEDGER_URL": ledger_url or f"sqlite:///{walked.ledger.database.file}",
            "NIGHTSHIFT_MLFLOW_URL": f"http://127.0.0.1:{free_port()}",
            "NIGHTSHIFT_SMTP_URL": f"file://{folder}/mails",
            "NIGHTSHIFT_SHELF": str(shelf),
        }

    def __enter__(self):
        words = ["-m", "ml.serving", "--port", str(self.port), "--state", str(self.state)]
        words += ["--owner-token", str(self.state / "owner.token")]
        self.log = (self.state / "log").open("ab")
        self.child = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=self.env, stderr=self.log)
        end = time.monotonic() + 60
        while not self.ready():
            assert self.child.poll() is None, (self.state / "log").read_text()
            assert time.monotonic() < end, (self.state / "log").read_text()
            time.sleep(0.1)
        self.token = (self.state / "owner.token").read_text().strip()
        self.headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        return self

    def ready(self):
        try:
            return httpx.get(f"{self.url}/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def __exit__(self, *_):
        self.child.kill()
        self.child.wait()
        self.log.close()

    def predict(self, body, client=httpx):
        return client.post(f"{self.url}/v1/tiny/predict", content=json.dumps(body).encode(), headers=self.headers)

    def kept(self):
        """What is in the ledger, or waits in the spool: each prediction once, though it may be on its way."""
        waiting = [made for path in sorted((self.state / "spool").glob("*.jsonl")) for made in self.lines(path)]
        made = {one.id: one for one in (*waiting, *self.ledger.predictions("tiny", Span(DAY, DAY)))}
        return sorted(made.values(), key=lambda one: one.id)

    @staticmethod
    def lines(path):
        try:
            return list(decode(path))
        except FileNotFoundError:  # shipped since the folder was read
            return []


DAY = date(2013, 6, 10)
ROW = {"weight": 21.5, "town": "Celle", "parcel": 7, "at": "2013-06-10T06:00:00"}


@pytest.fixture(scope="module")
def place(walked, tmp_path_factory):
    """The walked workspace with a ledger of its own, since services write to it."""
    from ml.ledger import Ledger
    from tests.nights import copy_database

    file = tmp_path_factory.mktemp("ledger") / "ledger.db"
    copy_database(walked.ledger.database.file, file)
    return replace(walked, ledger=Ledger.open(f"sqlite:///{file}"))


@pytest.fixture(scope="module")
def shelf(walked, tmp_path_factory):
    """Copies of the version in Production, as a service that saw MLflow keeps them."""
    folder = tmp_path_factory.mktemp("shelf")
    copies = Copies("tiny", folder / "tiny")
    copies.get(1, lambda version, place: here(walked.registry, "tiny", version, place))
    copies.note({"production": Placed(1, datetime(2013, 6, 1, tzinfo=UTC))})
    return folder


@pytest.fixture(scope="module")
def running(place, shelf, tmp_path_factory):
    with Process(place, tmp_path_factory.mktemp("state"), shelf) as process:
        yield process


@pytest.fixture
def unfrozen():
    yield
    gc.unfreeze()


def test_what_a_version_is_made_of_is_no_garbage_to_look_through(unfrozen):
    from ml.serving.server import lasting

    made = [[n] for n in range(1000)]
    kept = lasting(lambda served: [served])("a version")
    looked_through = {id(one) for one in gc.get_objects()}
    assert kept == ["a version"]
    assert not looked_through & {id(one) for one in made}


def test_it_answers_without_mlflow_and_keeps_what_it_said(running):
    answer = running.predict(ROW)
    assert answer.status_code == 200, answer.text
    [told] = answer.json()["predictions"]
    [kept] = [made for made in running.kept() if made.id == told["id"]]
    assert (kept.probability, kept.caller, kept.key) == (told["probability"], "owner", {"parcel": 7})


def test_the_owner_s_token_lies_in_a_file_of_its_own_and_is_known_to_the_ledger(running, place):
    assert (running.state / "owner.token").stat().st_mode & 0o777 == 0o600
    assert [caller.name for caller in place.ledger.callers()] == ["owner"]


def test_a_wrong_row_is_refused_over_the_wire_too(running):
    assert running.predict(ROW | {"weight": "heavy"}).json()["wrong"][0]["field"] == "weight"


def test_broken_http_is_answered_or_cut_and_the_service_lives(running):
    for data in (
        b"\x16\x03\x01\x02\x00",
        b"GET\r\n\r\n",
        b"POST /v1/tiny/predict HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", running.port), timeout=5) as line:
            line.sendall(data)
            said = line.recv(100)
            assert not said or said.startswith(b"HTTP/1.1 4"), said
    assert running.predict(ROW).status_code == 200


def test_a_second_service_does_not_share_the_folder(running):
    words = [sys.executable, "-m", "ml.serving", "--port", str(free_port()), "--state", str(running.state)]
    done = subprocess.run(words, cwd=ROOT, env=running.env, capture_output=True, text=True, check=False)
    assert done.returncode == 75
    assert "a service has a spool of its own" in done.stderr


def test_sigterm_finishes_what_runs_and_refuses_what_is_new(place, shelf, tmp_path):
    with Process(place, tmp_path, shelf) as process:
        body = json.dumps(ROW).encode()
        head = f"POST /v1/tiny/predict HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {process.token}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", process.port), timeout=10) as line:
            line.sendall(head.encode() + body[:10])
            time.sleep(0.5)
            process.child.send_signal(signal.SIGTERM)
            time.sleep(1)
            with pytest.raises(httpx.TransportError):
                process.predict(ROW)
            line.sendall(body[10:])
            said = b"".join(iter(lambda: line.recv(10_000), b""))  # head and body may come apart
        assert said.startswith(b"HTTP/1.1 200")
        process.child.wait(timeout=10)
        assert any(kept.id.encode() in said for kept in process.kept())


def test_what_was_acknowledged_before_a_kill_is_kept(place, shelf, tmp_path):
    with Process(place, tmp_path, shelf) as process:
        told = []
        with httpx.Client() as client:
            for n in range(30):
                answer = process.predict([ROW | {"parcel": n}] * 3, client)
                told += [p["id"] for p in answer.json()["predictions"]]
                if n == 20:
                    process.child.kill()
                    break
        process.child.wait()
        assert len(told) == 63
        assert {made.id for made in process.kept()} >= set(told)
    with Process(place, tmp_path, shelf) as again:
        assert again.predict(ROW).status_code == 200
        assert {made.id for made in again.kept()} > set(told)


def test_a_kill_of_postgres_is_not_noticed_and_all_that_was_said_reaches_the_ledger(place, shelf, tmp_path):
    from ml.ledger import Ledger
    from stack import postgres, processes

    with postgres.throwaway(tmp_path) as url, Process(place, tmp_path, shelf, migrated(url)) as process:
        told = []
        with httpx.Client() as client:
            for n in range(40):
                if n == 10:
                    os.kill(int((tmp_path / "pgdata" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
                answer = process.predict(ROW | {"parcel": n}, client)
                assert answer.status_code == 200
                told += [p["id"] for p in answer.json()["predictions"]]
        port = int(url.rsplit(":", 1)[1].split("/")[0])
        (tmp_path / "pgdata" / "postmaster.pid").unlink(missing_ok=True)
        with (tmp_path / "postgres.log").open("ab") as log:
            again = processes.start(postgres.serve(tmp_path / "pgdata", port), log=log, death=signal.SIGINT)
        try:
            until(lambda: postgres.answers(url))
            until(lambda: {made.id for made in Ledger.open(url).predictions("tiny", Span(DAY, DAY))} == set(told))
        finally:
            again.send_signal(signal.SIGINT)
            again.wait(timeout=60)


def migrated(url):
    from ml.ledger import migrate

    migrate(url)
    return url


def until(found, seconds=120):
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end
        time.sleep(0.2)
