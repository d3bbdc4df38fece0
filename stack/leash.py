"""Ties a command to the life of the one who starts it: ``python leash.py SIGNAL PARENT COMMAND…``.

Run as a program between fork and exec, because Python code in a forked child of a threaded process may deadlock.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Ask the kernel for SIGNAL when PARENT dies, then become COMMAND."""
    death, parent, *command = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(death), 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit("the starter is gone already")
    os.execvp(command[0], command)  # noqa: S606  this program is the shell-less start


if __name__ == "__main__":
    main()
