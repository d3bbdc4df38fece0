from datetime import UTC, datetime

import pytest

from ml import golden, training
from ml.errors import TrainingError
from ml.registry import PREVIOUS, PRODUCTION, STAGING
from ml.shelf import fetched, opened

pytestmark = pytest.mark.integration
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_version_that_an_alias_points_to_comes_into_memory(in_production, workspace, tmp_path, table):
    first, second = in_production(2)
    served = fetched(workspace.registry, "tiny", PRODUCTION, tmp_path / "a", NOW)
    assert (served.version, served.run_id, served.since, served.task) == (2, second.run_id, NOW, "classification")
    assert served.inputs == (("at", "datetime"), ("size", "double"), ("town", "string"))
    asked = golden.frame(served.inputs, [example.row for example in served.examples])
    answers = training.predict(served.task, served.estimator, asked).tolist()
    assert golden.objection(answers, served.examples) is None
    assert fetched(workspace.registry, "tiny", PREVIOUS, tmp_path / "b", NOW).version == first.version


def test_an_alias_that_points_nowhere_gives_nothing(in_production, workspace, tmp_path):
    in_production(1)
    assert fetched(workspace.registry, "tiny", STAGING, tmp_path, NOW) is None
    assert fetched(workspace.registry, "unknown", PRODUCTION, tmp_path, NOW) is None


def test_a_folder_without_a_model_is_refused_with_pipeline_and_version(tmp_path):
    with pytest.raises(TrainingError, match="the model tiny version 7 is refused: it has no MLmodel file"):
        opened(tmp_path, "tiny", 7, "run", NOW)
