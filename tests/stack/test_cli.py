import json
import os
import shlex
import socket
import subprocess
import sys

import pytest

from stack import keys, processes
from stack.home import Home
from stack.postgres import free_port

BASE = 20000 + free_port() % 20000


@pytest.fixture
def stack(tmp_path):
    """Runs a command of the stack as a person would, in a home of its own."""

    def run(*words, **env):
        known = {
            "PATH": os.environ["PATH"],
            "NIGHTSHIFT_HOME": str(tmp_path / "home"),
            "NIGHTSHIFT_PORT_BASE": str(BASE),
        }
        return subprocess.run(
            [sys.executable, "-m", "stack", *words], env=known | env, input="", capture_output=True, text=True
        )

    return run


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home", BASE)
    home.make()
    return home


def test_status_and_down_without_a_stack(stack):
    assert (stack("status").returncode, stack("down").returncode) == (1, 0)
    assert json.loads(stack("status", "--json").stdout) == {"state": "stopped", "parts": [], "memory": 0}


def test_a_wrong_setting_is_one_sentence_and_exit_2(stack):
    done = stack("up", NIGHTSHIFT_PORT_BASE="many")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "NIGHTSHIFT_PORT_BASE=many" in done.stderr


def test_a_taken_port_is_one_sentence_and_nothing_runs(stack, tmp_path):
    with socket.create_server(("127.0.0.1", BASE)):
        done = stack("up", "--bare")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert f"{BASE} (api-server)" in done.stderr
    assert processes.marked(tmp_path / "home" / "run") == set()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_that_cannot_be_written_is_one_sentence(stack):
    done = stack("up", "--bare", NIGHTSHIFT_HOME="/nowhere")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_the_password_is_printed_when_there_is_one(stack, home):
    assert "make up" in stack("password").stderr
    secrets = keys.load_or_make(home.secrets)
    assert stack("password").stdout.strip() == secrets.admin_password


def test_env_can_be_evaluated_by_a_shell(stack, home):
    keys.load_or_make(home.secrets)
    words = shlex.split(stack("env").stdout)
    assert f"NIGHTSHIFT_MLFLOW_URL=http://127.0.0.1:{BASE + 1}" in words
    assert words.count("export") == len(words) / 2


def test_reset_deletes_only_after_a_yes(stack, home):
    assert stack("reset").returncode == 1
    assert home.root.exists()
    assert stack("reset", "--yes").returncode == 0
    assert not home.root.exists()


def test_the_log_of_an_unknown_part_names_the_parts(stack):
    done = stack("logs", "shceduler")
    assert done.returncode == 1
    assert "scheduler" in done.stderr
