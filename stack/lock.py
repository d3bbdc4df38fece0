"""One supervisor a home: a lock that the kernel lets go when its holder dies, however it dies."""

import fcntl
import os
import time
from pathlib import Path

from stack.errors import AlreadyRunning

PATIENCE = 1.0


def take(run: Path) -> int:
    """Hold this home; gives the descriptor that holds it, to be handed on to the supervisor.

    Raises AlreadyRunning when another holds it.
    """
    lock = os.open(run / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    end = time.monotonic() + PATIENCE
    while not _try(lock, fcntl.LOCK_EX):
        if time.monotonic() > end:  # `holder` holds it for an instant, a supervisor for long
            os.close(lock)
            raise AlreadyRunning(f"already running: pid {holder(run)}")
        time.sleep(0.02)
    sign(lock)
    return lock


def sign(lock: int) -> None:
    """Write who holds it."""
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)


def holder(run: Path) -> int | None:
    """The pid of whoever holds this home, None when nobody does."""
    try:
        lock = os.open(run / "lock", os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        return None if _try(lock, fcntl.LOCK_SH) else int(os.pread(lock, 20, 0) or 0)
    finally:
        os.close(lock)


def _try(lock: int, how: int) -> bool:
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
