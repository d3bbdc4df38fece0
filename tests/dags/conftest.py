"""Airflow is set up before any test of this room imports it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.airflow_home import ROOT, database, prepare

prepare()


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The config folder of the tiny pipeline, which the DAG files read."""
    from tests import tiny

    folder = tiny.write(tmp_path)
    monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(folder))
    return folder


@pytest.fixture
def bag() -> Callable[..., Any]:
    """What Airflow finds in one file of dags/, or in all of them."""
    from airflow.dag_processing.dagbag import DagBag

    return lambda name="": DagBag(ROOT / "dags" / name, bundle_path=ROOT / "dags", bundle_name="dags-folder")


@pytest.fixture
def workspace(config: Path, tmp_path: Path, empty_mlflow: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A throw-away workspace that the environment names, so that tasks find it too."""
    from ml.workspace import Workspace

    database()
    apart = tmp_path / "apart"
    apart.mkdir()
    shutil.copy(empty_mlflow, apart / "mlflow.db")
    monkeypatch.setenv("NIGHTSHIFT_LAKE", str(apart / "lake"))
    monkeypatch.setenv("NIGHTSHIFT_LEDGER_URL", f"sqlite:///{apart / 'ledger.db'}")
    monkeypatch.setenv("NIGHTSHIFT_MLFLOW_URL", f"sqlite:///{apart / 'mlflow.db'}")
    monkeypatch.setenv("NIGHTSHIFT_SMTP_URL", f"file://{apart / 'mails'}")
    return Workspace.apart(apart, config)
