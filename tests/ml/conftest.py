"""Fixtures of the rooms that train models."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest


@pytest.fixture
def table():
    """A frame of ``rows`` rows whose two labels, ``late`` and ``delay``, can be learned in part."""
    import numpy
    import pandas

    def of(rows=600, seed=0, start="2013-01-01"):
        rng = numpy.random.default_rng(seed)
        size, town = rng.normal(size=rows), rng.choice(["Aachen", "Bonn", "Celle"], rows)
        delay = size * 3 + (town == "Celle") * 2 + rng.normal(size=rows)
        return pandas.DataFrame(
            {
                "at": pandas.date_range(start, periods=rows, freq="h"),
                "size": size,
                "town": town,
                "delay": delay,
                "late": (delay > 1).astype("int64"),
            }
        )

    return of


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch):
    """A model of the table, of few trees; keywords change it."""
    from ml.config import Model
    from ml.pipelines import default

    monkeypatch.setattr(default, "TREES", 20)

    def of(**changes):
        return Model.model_validate({"label": "late", "features": ["at", "size", "town"], **changes})

    return of


@pytest.fixture
def staged(workspace, model, table):
    """Registers versions of ``tiny`` that can serve, without a night: gives each as a refitted candidate."""
    from ml import training
    from tests.served import registered

    registry, fitted, probe = workspace.registry, training.fit(model(), table(60)), training.example(model(), table(60))
    run_id = registry.training_run("tiny", "key", {}, {})

    def made(version, day=date(2013, 6, 1)):
        return registered(registry, run_id, version, fitted, probe, day, day, day)

    return made


@pytest.fixture
def in_production(workspace, staged):
    """Puts versions 1 to ``count`` of ``tiny`` into Production, one after the other, a data day each."""
    from ml import stages
    from ml.records import Verdict

    def enter(count):
        made = []
        for version in range(1, count + 1):
            day = date(2013, 6, version)
            made.append(staged(version, day))
            verdict = Verdict(
                pipeline="tiny", day=day, run_id=made[-1].run_id, passed=True, champion_version=version - 1 or None
            )
            stages.promote(workspace.run("tiny", day), made[-1], verdict)
        return made

    return enter


@pytest.fixture(scope="session")
def mlflow_server(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real MLflow server on a database of its own; shared by the session, so use names of your own."""
    from stack.postgres import connect, free_port

    database, port, home = f"mlflow_{uuid4().hex[:12]}", free_port(), tmp_path_factory.mktemp("mlflow")
    connection = connect(postgres_server)
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{database}"')
    connection.close()
    settings = {
        "MLFLOW_BACKEND_STORE_URI": postgres_server.rsplit("/", 1)[0] + f"/{database}",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }
    place = ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--artifacts-destination", str(home)]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "stack.mlflow_server", *place],
            env=os.environ | settings,
            cwd=home,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _wait(server, f"http://127.0.0.1:{port}/health", home / "server.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def _wait(server: "subprocess.Popen[bytes]", health: str, log: Path) -> None:
    end = time.monotonic() + 180
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(health, timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"MLflow did not start: {log.read_text()[-2000:]}")
