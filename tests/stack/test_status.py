import json
import os

from stack import lock, status


def write(run, supervisor, **part):
    known = {"state": "healthy", "pid": os.getpid(), "ports": [1], "once": False, "since": 1.0, "took": 1.0}
    parts = {"a": known | {"restarts": 2, "failures": 0, "last_exit": None} | part}
    (run / "status.json").write_text(json.dumps({"pid": supervisor, "since": 1.0, "state": "running", "parts": parts}))


def test_nothing_runs_where_nobody_holds_the_lock(tmp_path):
    write(tmp_path, os.getpid())
    assert status.read(tmp_path) is None
    assert "make up" in status.as_table(None)


def test_what_an_earlier_supervisor_wrote_does_not_count(tmp_path):
    held = lock.take(tmp_path)
    write(tmp_path, 1)
    assert status.read(tmp_path) is None
    os.close(held)


def test_each_part_is_shown_with_what_it_costs(tmp_path):
    held = lock.take(tmp_path)
    write(tmp_path, os.getpid())
    seen = status.read(tmp_path)
    assert seen.ready
    (part,) = status.as_json(seen)["parts"]
    assert (part["name"], part["state"], part["restarts"]) == ("a", "healthy", 2)
    assert part["memory"] > 1_000_000
    assert "healthy" in status.as_table(seen)
    os.close(held)


def test_one_part_that_is_not_ready_is_enough(tmp_path):
    held = lock.take(tmp_path)
    write(tmp_path, os.getpid(), state="crashed", pid=None)
    assert not status.read(tmp_path).ready
    os.close(held)
