"""`down` and `reset`: everything ends, nothing is left, and again is no error."""

import os
import select
import shutil
import signal
import time
from contextlib import suppress

from stack import lock, processes
from stack.errors import StackError
from stack.home import Home

PATIENCE = 40.0


def stop(home: Home) -> bool:
    """Stop the supervisor with all its parts, and whatever an earlier one left; gives whether anything ran."""
    holder = lock.holder(home.run)
    if holder:
        _end(home, holder)
    left = processes.sweep(home.run)
    return bool(holder or left)


def _end(home: Home, pid: int) -> None:
    """A descriptor names the process even if its number should pass to another meanwhile."""
    with suppress(ProcessLookupError):
        handle = os.pidfd_open(pid)
        try:
            if lock.holder(home.run) == pid:
                signal.pidfd_send_signal(handle, signal.SIGTERM)
                if not select.select([handle], [], [], PATIENCE)[0]:
                    signal.pidfd_send_signal(handle, signal.SIGKILL)
        finally:
            os.close(handle)
    _wait_for_release(home)


def _wait_for_release(home: Home) -> None:
    end = time.monotonic() + 5
    while lock.holder(home.run) and time.monotonic() < end:
        time.sleep(0.05)


def reset(home: Home) -> None:
    """Forget all state. Raises StackError while the stack runs, or for a folder that no stack made."""
    if lock.holder(home.run):
        raise StackError("the stack runs: `make down` first")
    if home.root.exists() and not home.run.exists():
        raise StackError(f"{home.root} holds no stack: nothing was deleted")
    processes.sweep(home.run)
    if home.root.exists():
        shutil.rmtree(home.root)
