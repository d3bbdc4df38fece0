"""What Linux tells about processes, and the little it must be asked: leash, adopt, sweep. Everything from /proc."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

MARK = "NIGHTSHIFT_STACK"
PR_SET_CHILD_SUBREAPER = 36
LISTEN = "0A"


@dataclass(frozen=True)
class Process:
    """One line of the process table."""

    pid: int
    parent: int
    group: int
    zombie: bool


def start(
    argv: Sequence[str],
    *,
    log: IO[bytes],
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    death: signal.Signals = signal.SIGTERM,
) -> "subprocess.Popen[bytes]":
    """Start a command in a session of its own that gets the signal ``death`` when this process dies.

    The kernel watches the starting *thread*, so start from one that lives as long as the process.
    """
    leash = [sys.executable, "-I", "-S", str(Path(__file__).with_name("leash.py")), str(int(death)), str(os.getpid())]
    return subprocess.Popen(
        [*leash, *argv],
        env=None if env is None else dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        umask=0o077,
    )


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent dies, so that it can be seen and reaped."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def table() -> dict[int, Process]:
    """All processes of this machine by pid."""
    return {process.pid: process for process in _read_table()}


def _read_table() -> Iterator[Process]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):  # it may end while we look
                fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
                yield Process(int(entry.name), int(fields[1]), int(fields[2]), fields[0] in "ZX")


def descendants(roots: Iterable[int], processes: Mapping[int, Process]) -> set[int]:
    """The roots that are alive, their children, and so on."""
    children: dict[int, list[int]] = {}
    for process in processes.values():
        children.setdefault(process.parent, []).append(process.pid)
    found: set[int] = set()
    left = [pid for pid in roots if pid in processes]
    while left:
        pid = left.pop()
        if pid not in found:
            found.add(pid)
            left += children.get(pid, [])
    return found


def marked(run: Path, processes: Mapping[int, Process] | None = None) -> set[int]:
    """Living processes that carry this stack's mark in their environment, with their descendants; never ourselves."""
    processes = table() if processes is None else processes
    mark = f"{MARK}={run}".encode()
    carriers = [pid for pid in processes if mark in _environ(pid)]
    return {pid for pid in descendants(carriers, processes) if pid != os.getpid() and not processes[pid].zombie}


def _environ(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def sweep(run: Path, patience: float = 5.0) -> int:
    """End everything that carries the mark, first kindly, then not; gives how many there were."""
    first = marked(run)
    _signal(first, signal.SIGTERM)
    end = time.monotonic() + patience
    while (left := marked(run)) and time.monotonic() < end:
        reap_children()
        time.sleep(0.05)
    while left:
        _signal(left, signal.SIGKILL)
        reap_children()
        time.sleep(0.05)
        left = marked(run)
    return len(first)


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def signal_group(group: int, number: signal.Signals) -> None:
    """Signal a whole process group; nothing happens when it is gone."""
    with suppress(ProcessLookupError):
        os.killpg(group, number)


def reap_children() -> dict[int, int]:
    """Exit codes of children that ended, by pid; negative for a signal. Never waits."""
    ended: dict[int, int] = {}
    while (pid := next_ended()) is not None:
        with suppress(ChildProcessError):
            ended[pid] = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return ended


def next_ended() -> int | None:
    """The pid of one child that ended and was not reaped yet, so that its group can be signalled without a race."""
    try:
        result = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return result.si_pid if result else None


def owns_port(pid: int, port: int) -> bool:
    """Whether this process or one of its descendants listens on the port on loopback."""
    sockets = {f"socket:[{inode}]" for inode in _listeners(port)}
    return bool(sockets) and any(sockets & _files(each) for each in descendants([pid], table()))


def _listeners(port: int) -> set[str]:
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[9] for row in rows if row[3] == LISTEN and int(row[1].partition(":")[2], 16) == port}


def _files(pid: int) -> set[str]:
    files: set[str] = set()
    with suppress(OSError):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                files.add(str(entry.readlink()))
    return files


def memory(pids: Collection[int]) -> int:
    """Bytes that these processes really cost (PSS: shared pages are split among those who share them)."""
    return sum(_pss(pid) for pid in pids)


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
