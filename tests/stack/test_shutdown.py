import os
import subprocess
import time

import pytest

from stack import lock, processes, shutdown
from stack.errors import StackError
from stack.home import Home


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home")
    home.make()
    return home


def test_stopping_what_does_not_run_is_no_error(home):
    assert shutdown.stop(home) is False


def test_left_overs_of_a_dead_supervisor_are_ended(home):
    left = subprocess.Popen(["/bin/sleep", "600"], env={processes.MARK: str(home.run)})
    while not processes.marked(home.run):
        time.sleep(0.01)
    assert shutdown.stop(home) is True
    assert processes.marked(home.run) == set()
    left.wait()


def test_a_running_stack_is_not_forgotten(home):
    held = lock.take(home.run)
    with pytest.raises(StackError, match="make down"):
        shutdown.reset(home)
    os.close(held)
    assert home.root.exists()


def test_a_reset_forgets_everything(home):
    (home.lake / "day.parquet").touch()
    shutdown.reset(home)
    assert not home.root.exists()


def test_a_folder_that_no_stack_made_is_not_deleted(tmp_path):
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(StackError, match="nothing was deleted"):
        shutdown.reset(Home(tmp_path))
    assert (tmp_path / "thesis.txt").exists()
