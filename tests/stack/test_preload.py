import importlib.util
import subprocess
import sys

import pytest

from stack import preload


@pytest.mark.parametrize("name", preload.MODULES)
def test_what_is_preloaded_exists(name):
    # the fork server skips what it cannot import without a word
    assert importlib.util.find_spec(name.split(".")[0])


def test_only_the_scheduler_starts_the_fork_server():
    code = (
        "import sys; sys.argv = ['airflow', sys.argv[1]]\n"
        "from stack import preload; preload.begin()\n"
        "from multiprocessing import forkserver\n"
        "print(forkserver._forkserver._forkserver_pid is not None)"
    )
    env = {preload.SETTING: "json"}
    started = [
        subprocess.check_output([sys.executable, "-c", code, command], env=env | {"PYTHONPATH": "."}, text=True).strip()
        for command in ("scheduler", "triggerer")
    ]
    assert started == ["True", "False"]
