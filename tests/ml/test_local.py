"""A terminal finds the local stack by itself."""

import os

from ml import local


def stack_env(home, text):
    (home / "run").mkdir(parents=True)
    (home / "run" / "stack.env").write_text(text)


def test_addresses_come_from_the_running_stack(tmp_path, monkeypatch):
    stack_env(tmp_path, "NIGHTSHIFT_MLFLOW_URL=http://127.0.0.1:1\n")
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path))
    monkeypatch.delenv("NIGHTSHIFT_MLFLOW_URL", raising=False)
    local.use_stack()
    assert os.environ.pop("NIGHTSHIFT_MLFLOW_URL") == "http://127.0.0.1:1"


def test_the_environment_goes_before_the_stack(tmp_path, monkeypatch):
    stack_env(tmp_path, "NIGHTSHIFT_MLFLOW_URL=http://other\n")
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path))
    monkeypatch.setenv("NIGHTSHIFT_MLFLOW_URL", "http://mine")
    local.use_stack()
    assert os.environ["NIGHTSHIFT_MLFLOW_URL"] == "http://mine"


def test_nothing_but_our_own_variables_is_taken(tmp_path, monkeypatch):
    stack_env(tmp_path, "LD_PRELOAD=/evil.so\n")
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path))
    local.use_stack()
    assert "LD_PRELOAD" not in os.environ


def test_without_a_stack_nothing_happens(tmp_path, monkeypatch):
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path))
    before = dict(os.environ)
    local.use_stack()
    assert dict(os.environ) == before


def test_a_fit_in_a_terminal_runs_on_one_thread_as_in_the_stack(tmp_path, monkeypatch):
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path))
    monkeypatch.delenv("OMP_NUM_THREADS")
    local.use_stack()
    assert os.environ["OMP_NUM_THREADS"] == "1"


def test_who_wants_more_threads_has_them(tmp_path, monkeypatch):
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path))
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    local.use_stack()
    assert os.environ["OMP_NUM_THREADS"] == "8"
