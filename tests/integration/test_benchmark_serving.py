"""A benchmark that is stopped takes what it started with it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stack import processes

pytestmark = pytest.mark.integration


def started(root: int) -> dict[int, str]:
    """The processes below one, with their command lines."""
    found = processes.descendants([root], processes.table()) - {root}
    return {pid: Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ") for pid in found}


def test_a_terminated_benchmark_of_the_service_leaves_no_process_and_no_folder(tmp_path):
    with (tmp_path / "log").open("wb") as log:
        benchmark = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.serving", "1", "1"],
            env=os.environ | {"TMPDIR": str(tmp_path)},
            stdout=log,
            stderr=log,
        )
    seen: dict[int, str] = {}
    while not any("stack.mlflow_server" in line for line in seen.values()):
        assert benchmark.poll() is None, (tmp_path / "log").read_text()[-2000:]
        time.sleep(0.2)
        seen = started(benchmark.pid)
    assert any("postgres" in line for line in seen.values())
    benchmark.send_signal(signal.SIGTERM)
    assert benchmark.wait(60) == 128 + signal.SIGTERM
    running = processes.table()
    assert [line for pid, line in seen.items() if pid in running and not running[pid].zombie] == []
    assert [path.name for path in tmp_path.iterdir()] == ["log"]
