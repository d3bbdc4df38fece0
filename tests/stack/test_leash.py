import os
import signal
import subprocess
import sys

from stack import leash


def run(*words):
    return subprocess.run(
        [sys.executable, "-I", "-S", leash.__file__, *map(str, words)], capture_output=True, text=True
    )


def test_it_becomes_the_command():
    assert run(int(signal.SIGTERM), os.getpid(), "/bin/echo", "hello").stdout == "hello\n"


def test_it_does_not_start_for_a_parent_that_is_gone():
    done = run(int(signal.SIGTERM), 1, "/bin/echo", "hello")
    assert (done.stdout, done.returncode) == ("", 1)
