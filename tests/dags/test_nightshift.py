import os
import subprocess
import sys

import pytest

from ml import lines
from ml.walker import drawing
from tests.airflow_home import ROOT

HEAVY = {"evidently", "matplotlib", "mlflow", "numpy", "pandas", "pandera", "polars", "pyarrow", "skops", "sklearn"}


def test_every_pipeline_has_its_two_dags_and_nothing_is_wrong(bag, config):
    found = bag()
    assert found.import_errors == {}
    assert sorted(found.dags) == ["tiny_nightly", "tiny_retrain"]


def test_the_tasks_are_the_verbs_of_the_line_in_order(bag, config):
    found = bag("nightshift.py")
    nightly = [drawn.name for drawn in drawing(lines.nightly)]
    retrain = [drawn.name for drawn in drawing(lines.retrain, "request")]
    assert found.dags["tiny_nightly"].task_ids == [*nightly, "request_retrain"]
    assert found.dags["tiny_retrain"].task_ids == ["request", *retrain]


@pytest.mark.filterwarnings("ignore:GitWildMatchPattern:DeprecationWarning")
def test_the_scheduler_can_read_the_dags(bag, config):
    from airflow.serialization.serialized_objects import DagSerialization

    for dag in bag("nightshift.py").dags.values():
        again = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag))
        assert again.task_ids == dag.task_ids


def test_in_a_task_only_its_own_dag_is_built(bag, config, monkeypatch):
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "tiny_retrain")
    assert list(bag("nightshift.py").dags) == ["tiny_retrain"]


def test_parsing_loads_no_heavy_library(config):
    program = (
        "import runpy, sys; runpy.run_path('dags/nightshift.py'); print(*{m.partition('.')[0] for m in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True
    )
    assert not HEAVY & set(done.stdout.split())
