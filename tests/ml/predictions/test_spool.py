"""What was predicted is on the disk before anybody is answered."""

import errno
import os
import signal
import subprocess
import sys
import threading

import pytest

from ml.errors import ServiceUnavailable
from ml.predictions.segment import decode
from ml.predictions.spool import Spool

WRITER = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from ml.predictions.ids import new_id
from ml.predictions.spool import Spool
from ml.records import Prediction

spool = Spool(Path(sys.argv[1]), segment=4000)
while True:
    now = datetime.now(UTC)
    made = [Prediction(id=new_id(), pipeline="late", version=1, role="production", at=now, key={"n": n}, day=now.date(),
                       probability=0.5) for n in range(3)]
    spool.append(made)
    print("\\n".join(p.id for p in made), flush=True)
"""


def kept(folder):
    return [prediction for path in sorted(folder.glob("*.jsonl")) for prediction in decode(path)]


def test_what_was_appended_can_be_read_at_once_in_its_order(predicted, tmp_path):
    given = predicted(5)
    with Spool(tmp_path) as spool:
        spool.append(given[:2])
        spool.append(given[2:])
        assert kept(tmp_path) == given


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    acknowledged = [process.stdout.readline().strip() for _ in range(200)]
    process.send_signal(signal.SIGKILL)
    acknowledged += [line for line in process.communicate()[0].split("\n")[:-1] if line]
    found = [prediction.id for prediction in kept(tmp_path)]
    assert len(found) == len(set(found))
    assert set(acknowledged) <= set(found)
    assert len(list(tmp_path.glob("*.jsonl"))) > 3


def test_a_restarted_service_begins_a_segment_of_its_own(predicted, tmp_path):
    with Spool(tmp_path) as spool:
        spool.append(predicted())
    first = kept(tmp_path)
    with Spool(tmp_path) as spool:
        spool.append(predicted())
        assert [list(decode(path)) for path in spool.sealed()] == [first]
        assert len(kept(tmp_path)) == 2


def test_two_services_never_share_a_spool(tmp_path):
    with Spool(tmp_path), pytest.raises(ServiceUnavailable, match=f"belongs to pid {os.getpid()}"):
        Spool(tmp_path)
    Spool(tmp_path).close()


def test_a_segment_ends_by_size_and_when_it_is_sealed(predicted, tmp_path):
    with Spool(tmp_path, segment=700) as spool:
        for prediction in predicted(4):
            spool.append([prediction])
        grown = len(spool.sealed())
        spool.seal()
        spool.seal()
        assert (grown >= 1, len(spool.sealed())) == (True, grown + 1)
        assert len(kept(tmp_path)) == 4


def test_a_full_spool_refuses_and_takes_again_when_it_was_emptied(predicted, tmp_path):
    with Spool(tmp_path, limit=1000) as spool:
        spool.append(predicted())
        with pytest.raises(ServiceUnavailable, match=r"holds \d+ bytes of predictions .*limit 1,000"):
            spool.append(predicted(20))
        spool.seal()
        for path in spool.sealed():
            spool.remove(path)
        assert spool.held == 0
        spool.append(predicted())
        assert len(kept(tmp_path)) == 1


def test_a_full_disk_keeps_nothing_of_what_was_refused(predicted, tmp_path, monkeypatch):
    write = os.write
    with Spool(tmp_path) as spool:
        spool.append(predicted())
        monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:40]))
        with pytest.raises(ServiceUnavailable, match="is full: nothing is predicted"):
            spool.append(predicted())
        monkeypatch.undo()
        spool.append(predicted())
        assert len(kept(tmp_path)) == 2


def test_a_disk_that_fails_is_said_and_nothing_more_is_acknowledged(predicted, tmp_path, monkeypatch):
    def fail(file):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("ml.predictions.spool.SYNC_SECONDS", 0.01)
    with Spool(tmp_path) as spool:
        monkeypatch.setattr(os, "fdatasync", fail)
        spool.append(predicted())
        spool._thread.join(10)
        with pytest.raises(ServiceUnavailable, match="failed \\(Input/output error\\)"):
            spool.append(predicted())
        monkeypatch.undo()


def test_what_was_appended_is_forced_to_the_disk_by_the_clock(predicted, tmp_path, monkeypatch):
    forced = threading.Event()
    sync = os.fdatasync
    monkeypatch.setattr("ml.predictions.spool.SYNC_SECONDS", 0.01)
    monkeypatch.setattr(os, "fdatasync", lambda file: (sync(file), forced.set()))
    with Spool(tmp_path) as spool:
        spool.append(predicted())
        assert forced.wait(10)


def test_many_threads_append_whole_lines(predicted, tmp_path):
    with Spool(tmp_path, segment=5000) as spool:
        threads = [threading.Thread(target=lambda: [spool.append(predicted(3)) for _ in range(20)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(kept(tmp_path)) == 240
