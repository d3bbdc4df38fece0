import os
import subprocess
import sys

import pytest

from stack import lock
from stack.errors import AlreadyRunning


def test_nobody_holds_a_home_without_a_lock(tmp_path):
    assert lock.holder(tmp_path) is None


def test_the_holder_is_known_until_it_lets_go(tmp_path):
    held = lock.take(tmp_path)
    assert lock.holder(tmp_path) == os.getpid()
    os.close(held)
    assert lock.holder(tmp_path) is None


def test_only_one_can_hold_it(tmp_path):
    held = lock.take(tmp_path)
    with pytest.raises(AlreadyRunning, match=f"pid {os.getpid()}"):
        lock.take(tmp_path)
    os.close(held)


def test_it_passes_to_a_child_without_a_gap(tmp_path):
    held = lock.take(tmp_path)
    code = f"import sys; from stack import lock; lock.sign({held}); print('mine', flush=True); sys.stdin.read()"
    child = subprocess.Popen(
        [sys.executable, "-c", code], pass_fds=(held,), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    os.close(held)
    assert child.stdout.readline() == "mine\n"
    assert lock.holder(tmp_path) == child.pid
    child.communicate()
    assert lock.holder(tmp_path) is None
