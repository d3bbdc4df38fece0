"""The daemon that keeps the parts alive: starts them by health, again when they crash, and leaves nothing behind.

Standard library only. One thread does everything; health is asked in others, since a dead neighbour makes one wait.
"""

import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import FrameType

from stack import files, logs, processes
from stack.part import Part
from stack.service import Service

TICK = 0.1
CALM_TICK = 0.5
"""Seconds between turns while something is on its way, and while all is well; a death wakes the supervisor at once."""
CHORES = 10.0
"""Seconds between looks at log sizes and at idle left-overs."""


class Supervisor:
    """Runs the parts until it is told to stop by SIGTERM or SIGINT."""

    def __init__(self, run: Path, log_folder: Path, parts: Sequence[Part]) -> None:
        self.run_folder = run
        self.log_folder = log_folder
        self.services = {part.name: Service(part, log_folder) for part in parts}
        self.needed_by = {name: _who_needs(name, parts) for name in self.services}
        self.stopping = False
        self.since = time.time()
        self._last_status = ""
        self._chores_at = 0.0

    def run(self) -> None:
        """Start everything, keep it, and return when all has stopped and nothing marked is left."""
        os.umask(0o077)
        processes.adopt_orphans()
        alarm = self._listen_for_signals()
        with ThreadPoolExecutor(max_workers=len(self.services)) as pool:
            while not self._finished():
                self._turn(pool)
                _wait(alarm, CALM_TICK if self._calm() else TICK)
        processes.sweep(self.run_folder)
        self._write_status()

    def _turn(self, pool: ThreadPoolExecutor) -> None:
        self._reap()
        if self.stopping:
            self._stop_what_may()
        else:
            self._start_what_may()
        for service in self.services.values():
            service.ask(pool)
        if time.monotonic() > self._chores_at:
            self._do_chores()
        self._write_status()

    def _listen_for_signals(self) -> socket.socket:
        alarm, bell = socket.socketpair()
        alarm.setblocking(False)
        bell.setblocking(False)
        signal.set_wakeup_fd(bell.detach(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told_to_stop)
        signal.signal(signal.SIGCHLD, _nothing)
        return alarm

    def _told_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _reap(self) -> None:
        by_pid = {service.process.pid: service for service in self.services.values() if service.process}
        while (pid := processes.next_ended()) is not None:
            if pid in by_pid:
                by_pid[pid].ended()
            else:
                os.waitpid(pid, 0)

    def _start_what_may(self) -> None:
        for service in self.services.values():
            due = service.state == "waiting" or (service.state == "crashed" and time.monotonic() >= service.again_at)
            if due and all(self.services[need].ready for need in service.part.needs):
                service.start()

    def _stop_what_may(self) -> None:
        for name, service in self.services.items():
            if not any(self.services[other].alive for other in self.needed_by[name]):
                service.stop()

    def _calm(self) -> bool:
        return not self.stopping and all(service.ready for service in self.services.values())

    def _finished(self) -> bool:
        return self.stopping and not any(service.alive for service in self.services.values())

    def _do_chores(self) -> None:
        self._despite_a_full_disk(lambda: logs.trim(self.log_folder))
        for service in self.services.values():
            service.drop_idle_leftovers()
        self._chores_at = time.monotonic() + CHORES

    def _write_status(self) -> None:
        parts = {name: service.report() for name, service in self.services.items()}
        state = "stopping" if self.stopping else "running"
        status = json.dumps({"pid": os.getpid(), "since": self.since, "state": state, "parts": parts})
        if status != self._last_status:
            self._despite_a_full_disk(lambda: files.replace(self.run_folder / "status.json", status))
            self._last_status = status

    def _despite_a_full_disk(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OSError as error:  # the parts must live on
            print(f"the supervisor could not write: {error}", file=sys.stderr)


def _who_needs(name: str, parts: Sequence[Part]) -> set[str]:
    direct = {part.name for part in parts if name in part.needs}
    return direct.union(*(_who_needs(other, parts) for other in direct))


def _wait(alarm: socket.socket, seconds: float) -> None:
    select.select([alarm], [], [], seconds)
    with suppress(BlockingIOError):
        alarm.recv(4096)


def _nothing(number: int, frame: FrameType | None) -> None:
    """A handler, so that SIGCHLD ends a wait."""
