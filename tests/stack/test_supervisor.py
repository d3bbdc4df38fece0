import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from stack import lock, processes

PROGRAM = """
import os, signal, sys
from pathlib import Path
from stack import lock, service, supervisor
from stack.part import Part
from stack.supervisor import Supervisor

run = Path(sys.argv[1])
held = lock.take(run)
env = {"NIGHTSHIFT_STACK": str(run), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
service.BACK_OFF = supervisor.TICK = supervisor.CALM_TICK = 0.05

def sh(name, text, **more):
    return Part(name, ("/bin/sh", "-c", text), env, **more)

Supervisor(run, run, [PARTS]).run()
"""


@contextmanager
def supervised(run, parts):
    """A supervisor of these parts in a process of its own; whatever the test does to it, nothing stays."""
    daemon = subprocess.Popen([sys.executable, "-c", PROGRAM.replace("PARTS", parts), run])
    try:
        yield daemon
    finally:
        daemon.kill()
        daemon.wait()
        processes.sweep(run, patience=0.2)


def parts_of(run):
    try:
        return json.loads((run / "status.json").read_text())["parts"]
    except FileNotFoundError:
        return {}


def eventually(true, seconds=20):
    end = time.monotonic() + seconds
    while not (answer := true()) and time.monotonic() < end:
        time.sleep(0.02)
    return answer


def state(run, name):
    return parts_of(run).get(name, {}).get("state")


def test_a_crashed_part_comes_back(tmp_path):
    with supervised(tmp_path, 'sh("a", "exec sleep 600")'):
        assert eventually(lambda: state(tmp_path, "a") == "healthy")
        first = parts_of(tmp_path)["a"]["pid"]
        os.kill(first, signal.SIGKILL)
        assert eventually(lambda: parts_of(tmp_path)["a"]["restarts"] == 1 and state(tmp_path, "a") == "healthy")
        assert parts_of(tmp_path)["a"]["pid"] != first
        assert parts_of(tmp_path)["a"]["last_exit"] == -signal.SIGKILL


def test_a_part_that_cannot_run_is_tried_again_and_counted(tmp_path):
    with supervised(tmp_path, 'sh("a", "exit 3")'):
        assert eventually(lambda: parts_of(tmp_path).get("a", {}).get("failures", 0) >= 3)
        assert parts_of(tmp_path)["a"]["last_exit"] == 3


def test_a_part_starts_when_what_it_needs_is_done(tmp_path):
    parts = """sh("late", "test -e made && exec sleep 600", needs=("once",)), sh("once", "touch made", once=True)"""
    with supervised(tmp_path, parts):
        assert eventually(lambda: state(tmp_path, "late") == "healthy")
        assert parts_of(tmp_path)["late"]["failures"] == 0
        assert state(tmp_path, "once") == "done"


def test_a_part_waits_while_what_it_needs_is_not_healthy(tmp_path):
    parts = 'sh("late", "exec sleep 600", needs=("ill",)), sh("ill", "exec sleep 600", health=lambda pid, at: False)'
    with supervised(tmp_path, parts):
        assert eventually(lambda: state(tmp_path, "ill") == "starting")
        assert state(tmp_path, "late") == "waiting"


def test_a_broken_check_does_not_end_the_supervisor(tmp_path):
    parts = 'sh("odd", "exec sleep 600", health=lambda pid, at: 1 / 0), sh("well", "exec sleep 600")'
    with supervised(tmp_path, parts) as daemon:
        assert eventually(lambda: state(tmp_path, "well") == "healthy")
        assert daemon.poll() is None
        assert state(tmp_path, "odd") == "starting"


@pytest.mark.parametrize("text", ["exec sleep 600", "trap '' TERM; sleep 600 & wait; sleep 600", "setsid sleep 600; :"])
def test_a_stop_leaves_nothing(tmp_path, text):
    with supervised(tmp_path, f'sh("a", "{text}", patience=0.3)') as daemon:
        assert eventually(lambda: state(tmp_path, "a") == "healthy")
        daemon.terminate()
        assert daemon.wait(timeout=30) == 0
        assert processes.marked(tmp_path) == set()


def test_what_others_need_stops_last(tmp_path):
    parts = """
    sh("ground", "trap 'echo ground >> ended; exit' TERM; while :; do sleep 0.05; done"),
    sh("house", "trap 'sleep 0.3; echo house >> ended; exit' TERM; while :; do sleep 0.05; done", needs=("ground",)),
    """
    with supervised(tmp_path, parts) as daemon:
        assert eventually(lambda: state(tmp_path, "house") == "healthy")
        daemon.terminate()
        daemon.wait(timeout=30)
        assert (tmp_path / "ended").read_text().split() == ["house", "ground"]


def test_the_parts_die_with_a_killed_supervisor_and_a_sweep_finds_the_rest(tmp_path):
    with supervised(tmp_path, 'sh("a", "setsid sleep 600 & exec sleep 600")') as daemon:
        assert eventually(lambda: state(tmp_path, "a") == "healthy")
        part = parts_of(tmp_path)["a"]["pid"]
        daemon.kill()
        daemon.wait()
        assert eventually(lambda: part not in processes.table())
        processes.sweep(tmp_path, patience=0.2)
        assert processes.marked(tmp_path) == set()


def test_orphans_of_a_crashed_part_are_ended_with_its_group(tmp_path):
    with supervised(tmp_path, 'sh("a", "sleep 600 & exec sleep 600")'):
        assert eventually(lambda: len(processes.marked(tmp_path)) == 2)
        before = processes.marked(tmp_path)
        os.kill(parts_of(tmp_path)["a"]["pid"], signal.SIGKILL)
        assert eventually(lambda: not before & processes.marked(tmp_path))


def test_a_second_supervisor_is_refused(tmp_path):
    with supervised(tmp_path, 'sh("a", "exec sleep 600")') as daemon:
        assert eventually(lambda: state(tmp_path, "a") == "healthy")
        assert lock.holder(tmp_path) == daemon.pid
        second = subprocess.run(
            [sys.executable, "-c", PROGRAM.replace("PARTS", ""), tmp_path], capture_output=True, text=True
        )
        assert f"already running: pid {daemon.pid}" in second.stderr
        assert second.returncode != 0


def test_the_part_gets_no_variable_of_the_callers(tmp_path, monkeypatch):
    monkeypatch.setenv("AIRFLOW__CORE__STRAY", "1")
    with supervised(tmp_path, 'sh("a", "env > seen; exec sleep 600")'):
        assert eventually(lambda: state(tmp_path, "a") == "healthy" and (tmp_path / "seen").exists())
        names = {line.split("=")[0] for line in (tmp_path / "seen").read_text().splitlines()}
        assert names - {"PWD", "OLDPWD", "SHLVL", "_"} == {"NIGHTSHIFT_STACK", "PATH", "LANG"}


def test_logs_are_the_owners_alone(tmp_path):
    with supervised(tmp_path, 'sh("a", "echo hello; touch made; exec sleep 600")'):
        assert eventually(lambda: (tmp_path / "made").exists())
        assert (tmp_path / "a.log").read_text() == "hello\n"
        assert (tmp_path / "a.log").stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "made").stat().st_mode & 0o077 == 0
