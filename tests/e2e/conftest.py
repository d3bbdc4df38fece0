"""One stack for all end-to-end tests: booted as a newcomer would, on free ports, in a temporary home.

It goes as soon as they end: an idle Airflow takes a fifth of a core from the tests that follow.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

PORTS = 7
LATER, SOON = timedelta(minutes=40), timedelta(seconds=90)
NEW_YORK = ZoneInfo("America/New_York")


@dataclass(frozen=True)
class Booted:
    """A stack that runs, and the answer that starting it gave."""

    home: Path
    base: int
    root: Path
    said: str
    env: dict[str, str]
    yaml: Path

    def call(self, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
        """Run ``python -m …`` as a person at a terminal would."""
        command = [sys.executable, "-m", *words]
        return subprocess.run(command, env=self.env, cwd=self.root, text=True, capture_output=True, timeout=900, **more)

    def nightshift(self, *words: str) -> Any:
        """What ``nightshift … --json`` prints."""
        answer = self.call("ml", *words, "--json")
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)

    def next_night(self) -> datetime:
        """Move the next night to the minute after the next, as its owner would; gives when that is."""
        at = (datetime.now(NEW_YORK) + SOON).replace(second=0, microsecond=0)
        put_off(self.yaml, at)
        return at

    def address(self, part: int) -> str:
        return f"http://127.0.0.1:{self.base + part}"

    def mails(self) -> list[dict[str, Any]]:
        """The mails that arrived, newest first, as the sink's page lists them."""
        with urllib.request.urlopen(self.address(2) + "/api/mails", timeout=10) as answer:
            return json.load(answer)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Booted]:
    root = Path(__file__).parents[2]
    home, base = tmp_path_factory.mktemp("home") / "state", free_base()
    yaml = later(root / "config", tmp_path_factory.mktemp("owner") / "config")
    env = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8"}
    env |= {"NIGHTSHIFT_HOME": str(home), "NIGHTSHIFT_PORT_BASE": str(base), "NIGHTSHIFT_CONFIG": str(yaml.parents[1])}
    booted = Booted(home, base, root, "", env, yaml)
    answer = booted.call("stack", "up")
    try:
        assert answer.returncode == 0, answer.stdout + answer.stderr
        yield replace(booted, said=answer.stdout)
    finally:
        stopped = booted.call("stack", "down")
    assert stopped.returncode == 0, stopped.stderr
    assert left_over(home) == []


def later(config: Path, copy: Path) -> Path:
    """The YAML of a copy of the configuration whose night is still to come today, so that its newest was yesterday."""
    shutil.copytree(config, copy)
    path = copy / "pipelines" / "flight_delays.yaml"
    now = datetime.now(NEW_YORK)
    put_off(path, min(now + LATER, now.replace(hour=23, minute=59)))
    return path


def put_off(yaml: Path, at: datetime) -> None:
    """Let the night start at this time of the day; the coming day is scored at three as ever, with all its flights."""
    text, lines = re.subn(r'(?m)(?<=^schedule:\n  at: )"[0-9:]{5}"', f'"{at:%H:%M}"', yaml.read_text())
    assert lines == 1
    yaml.write_text(text)


def free_base() -> int:
    """The first of a row of ports that are all free, of those that no other worker asks for."""
    first = 21000 + 1000 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    for base in range(first, first + 1000, 20):
        if all(is_free(base + n) for n in range(PORTS)):
            return base
    raise AssertionError(f"no row of free ports from {first} to {first + 1000}")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def left_over(home: Path) -> list[str]:
    """The command lines of processes that still carry the stack's mark."""
    mark = f"NIGHTSHIFT_STACK={home / 'run'}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found
