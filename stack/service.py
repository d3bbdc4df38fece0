"""One part while it runs: started, asked for its health, ended, started again after a while."""

import signal
import subprocess
import sys
import time
import traceback
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from stack import logs, processes
from stack.part import Part

BACK_OFF = 0.5
BACK_OFF_LIMIT = 30.0
CALM = 60.0
"""Seconds of running after which the next crash counts as the first."""
ASK_STARTING = 0.2
ASK_HEALTHY = 5.0


class Service:
    """The state of one part. States: waiting, starting, healthy, unhealthy, crashed, done, stopping, stopped."""

    def __init__(self, part: Part, folder: Path) -> None:
        self.part = part
        self.folder = folder
        self.state = "waiting"
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.took: float | None = None
        self.restarts = 0
        self.failures = 0
        self.last_exit: int | None = None
        self.again_at = 0.0
        self.kill_at = float("inf")
        self.old_groups: set[int] = set()
        self._answer: Future[bool | None] | None = None
        self._ask_at = 0.0

    @property
    def alive(self) -> bool:
        """Whether its process is there."""
        return self.process is not None

    @property
    def ready(self) -> bool:
        """Whether those that need it may start."""
        return self.state in ("healthy", "done")

    def start(self) -> None:
        """Start its process; the log keeps what earlier ones wrote. A full disk or table of processes means later."""
        self.started = time.time()
        self.restarts += self.failures > 0
        try:
            with logs.open_log(self.folder, self.part.name) as log:
                self.process = processes.start(
                    self.part.argv, log=log, env=self.part.env, cwd=self.folder, death=self.part.stop
                )
        except OSError as error:
            print(f"{self.part.name} could not be started: {error}", file=sys.stderr)
            self._retry_later()
        else:
            self.state, self._answer, self._ask_at = "starting", None, 0.0

    def ended(self) -> None:
        """Its process is a zombie: end the rest of its group before the number can belong to another, then reap."""
        process = self.process
        assert process is not None
        if self.part.spare_group:
            self.old_groups.add(process.pid)
        else:
            processes.signal_group(process.pid, signal.SIGKILL)
        self.last_exit = process.wait()
        self.process = None
        if self.state == "stopping":
            self.state = "stopped"
        elif self.part.once and self.last_exit == 0:
            self.state, self.took = "done", time.time() - self.started
        else:
            self._retry_later()

    def _retry_later(self) -> None:
        calm = time.time() - self.started > CALM
        self.failures = 1 if calm else self.failures + 1
        self.again_at = time.monotonic() + min(BACK_OFF * 2 ** (self.failures - 1), BACK_OFF_LIMIT)
        self.state = "crashed"

    def ask(self, pool: Executor) -> None:
        """Ask for its health now and then, without waiting; an answer counts only for the process that was asked."""
        if self.process is None or self.part.once or self.state == "stopping":
            return
        if self._answer is None and time.monotonic() >= self._ask_at:
            self._answer = pool.submit(self.part.health or _runs, self.process.pid, self.started)
        elif self._answer is not None and self._answer.done():
            self._hear(self._answer)
            self._answer = None
            self._ask_at = time.monotonic() + (ASK_HEALTHY if self.state == "healthy" else ASK_STARTING)

    def _hear(self, answer: "Future[bool | None]") -> None:
        if error := answer.exception():  # a broken check must not end the one who keeps everything alive
            traceback.print_exception(error)
        healthy = None if error else answer.result()
        if healthy:
            self.took = time.time() - self.started if self.state == "starting" else self.took
            self.state = "healthy"
        elif healthy is False and self.state == "healthy":
            self.state = "unhealthy"

    def stop(self) -> None:
        """Send its stop signal once; SIGKILL to the whole group when its patience is over."""
        if self.process is None:
            self.state = "stopped" if self.state != "done" else "done"
        elif self.state != "stopping":
            self.state = "stopping"
            self.kill_at = time.monotonic() + self.part.patience
            self.process.send_signal(self.part.stop)
        elif time.monotonic() > self.kill_at:
            processes.signal_group(self.process.pid, signal.SIGKILL)

    def drop_idle_leftovers(self) -> None:
        """End the groups of crashed predecessors below which nothing works any more.

        A task has a process group of its own, so a group whose descendants are all its own members is idle.
        """
        if not self.old_groups or self.state != "healthy":
            return
        seen = {pid: process for pid, process in processes.table().items() if not process.zombie}
        for group in sorted(self.old_groups):
            members = {process.pid for process in seen.values() if process.group == group}
            if processes.descendants(members, seen) <= members:
                processes.signal_group(group, signal.SIGKILL)
                self.old_groups.discard(group)

    def report(self) -> dict[str, Any]:
        """What `status` shows of it."""
        return {
            "state": self.state,
            "pid": self.process.pid if self.process else None,
            "ports": list(self.part.ports),
            "once": self.part.once,
            "since": self.started or None,
            "took": self.took,
            "restarts": self.restarts,
            "failures": self.failures,
            "last_exit": self.last_exit,
        }


def _runs(pid: int, started: float) -> bool:
    return True
