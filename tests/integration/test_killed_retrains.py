"""A retrain that is killed ends, when it is walked again, as one that was not."""

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.tiny import write

pytestmark = [pytest.mark.integration, pytest.mark.timeout(700)]

# One process loads what a retrain needs; each retrain is a fork of it, so that it is loaded once. It does nothing else:
# a fork of a process that has used Polars hangs. No night of the pipeline talks to MLflow before its retrain.
PROGRAM = """
    import json, os, shutil, signal, sys
    from datetime import date
    from pathlib import Path
    import alembic.command, matplotlib.figure, mlflow.sklearn, skops.io, sklearn.ensemble, sqlalchemy.orm
    import mlflow.store.model_registry.sqlalchemy_store, mlflow.store.tracking.sqlalchemy_store
    from ml import lines
    from ml.records import from_json
    from ml.registry import Registry
    from ml.walker import InProcess
    from ml.workspace import Workspace

    folder, points, DAY = Path(sys.argv[1]), [int(point) for point in sys.argv[2:]], date(2013, 6, 1)

    def do(name):
        return InProcess(Workspace.apart(folder / name, folder / "tiny" / "config").run("tiny", DAY))

    def ask(name):
        lines.nightly(do(name))

    def retrain(name):
        walk = do(name)
        lines.retrain(walk, from_json(walk.run.workspace.ledger.output("tiny", DAY, "decide")))

    def die(name):
        calls, asking = [0], Registry._asking
        def counting(self):
            calls[0] += 1
            if calls[0] == int(name):
                os.kill(os.getpid(), signal.SIGKILL)
            return asking(self)
        Registry._asking = counting
        retrain(name)

    def child(act, name):
        if (pid := os.fork()) == 0:
            act(name)
            os._exit(0)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    assert child(ask, "asked") == 0
    for point in points:
        shutil.copytree(folder / "asked", folder / str(point))
        print(json.dumps([child(die, str(point)), child(retrain, str(point))]), flush=True)
"""
POINTS = (3, 6, 9, 11)


@pytest.fixture(scope="module")
def killed(tmp_path_factory, empty_mlflow):
    """A workspace for each point, in which a night was killed there and walked again; and how both processes ended."""
    from ml.workspace import Workspace

    folder = tmp_path_factory.mktemp("killed")
    config = write(folder / "tiny")
    (folder / "asked").mkdir()
    shutil.copy(empty_mlflow, folder / "asked" / "mlflow.db")
    command = [sys.executable, "-c", textwrap.dedent(PROGRAM), str(folder), *map(str, POINTS)]
    env = os.environ | {"PYTHONPATH": str(Path.cwd())}
    ran = subprocess.run(command, env=env, capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, ran.stderr
    ends = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("[")]
    places = [Workspace.apart(folder / str(point), config) for point in POINTS]
    return dict(zip(POINTS, zip(ends, places, strict=True), strict=True))


@pytest.mark.parametrize("point", POINTS)
def test_a_retrain_killed_at_any_talk_with_mlflow_ends_in_the_same_state_when_run_again(killed, point):
    ends, place = killed[point]
    assert ends == [-signal.SIGKILL, 0]
    assert place.registry.aliases("tiny") == {"production": 1}
    assert place.registry.stages("tiny") == {1: "Production"}
    assert [(p.version, p.previous) for p in place.ledger.promotions("tiny")] == [(1, None)]
