import subprocess
import sys

import pytest

from stack import mlflow_server


def test_it_becomes_the_module_that_mlflow_would_start(monkeypatch, capsys, tmp_path):
    (tmp_path / "shown.py").write_text("import os, sys; print(sys.argv[1:], os.environ['SHOWN'])")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "argv", ["before"])
    monkeypatch.setenv("SHOWN", "old")
    with pytest.raises(SystemExit) as ended:
        mlflow_server.run_here([sys.executable, "-m", "shown", "--port", "1"], extra_env={"SHOWN": "new"})
    assert ended.value.code == 0
    assert capsys.readouterr().out == "['--port', '1'] new\n"


def test_an_unknown_way_of_starting_is_said():
    with pytest.raises(SystemExit, match="unknown way"):
        mlflow_server.run_here(["/usr/bin/gunicorn", "x", "y"], extra_env={})


@pytest.mark.integration
def test_mlflow_still_starts_its_server_through_the_name_that_we_replace():
    code = "import mlflow.server; print(callable(mlflow.server._exec_cmd))"
    assert subprocess.check_output([sys.executable, "-W", "ignore", "-c", code], text=True).strip() == "True"
