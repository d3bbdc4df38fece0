"""Under which conditions a model was fitted."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import date

import pytest

from ml import conditions
from ml.config import PipelineConfig, load_pipeline
from ml.errors import DataError
from ml.lake import Lake

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 1)


@pytest.fixture
def kept(walked):
    """The conditions of the refitted model of the walked night."""
    with walked.registry._asking() as client:
        tags = client.get_run(walked.registry.production("tiny").run_id).data.tags
    return conditions.read(walked.lake, tags["nightshift.conditions.model"])


def test_a_training_keeps_what_it_depended_on(kept, walked):
    import sklearn

    assert kept.libraries["scikit-learn"] == sklearn.__version__
    assert kept.python == f"CPython {sys.version.split()[0]}"
    assert kept.openmp_threads == int(os.environ["OMP_NUM_THREADS"])
    assert kept.processor
    assert kept.processor_features
    assert kept.configuration["model"]["seed"] == 3


def test_the_text_of_the_lock_is_kept_once(kept, walked, repository):
    text = walked.lake.read_bytes(kept.lock)
    assert text == (repository / "requirements.lock").read_bytes()
    assert kept.lock_sha256 == hashlib.sha256(text).hexdigest()
    assert len(walked.lake.within("tiny", "locks")) == 1


def test_two_models_fitted_alike_share_their_conditions(walked):
    assert len(walked.lake.within("tiny", "conditions")) == 1


def test_nobodys_address_is_kept(kept):
    assert "alerts" not in kept.configuration
    assert "owner@example.com" not in kept.model_dump_json()


@pytest.mark.parametrize("name", ["flight_delays"])
def test_a_configuration_is_read_back_as_it_was(name, repository):
    pipeline = load_pipeline(repository / "config" / "pipelines" / f"{name}.yaml")
    found = json.loads(conditions.gather(pipeline).model_dump_json())["configuration"]
    assert PipelineConfig.model_validate(found) == pipeline.model_copy(update={"alerts": ()})


def test_a_digest_of_code_sees_contents_and_names_and_nothing_else(tmp_path):
    def of(name="a.py", text="1", folder="x"):
        package = tmp_path / folder
        package.mkdir()
        (package / name).write_text(text)
        (package / "notes.txt").write_text(folder)
        return conditions.code_digest(package)

    assert of() == of(folder="y")
    assert len({of(folder=str(n), **change) for n, change in enumerate([{}, {"name": "b.py"}, {"text": "2"}])}) == 3


def test_more_threads_are_other_conditions(tmp_path, repository):
    code = "from ml import conditions; print(conditions._pools()[1])"
    for threads in ("1", "2"):
        told = subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            text=True,
            env=os.environ | {"OMP_NUM_THREADS": threads},
            cwd=repository,
        )
        assert told.stdout.strip() == threads


def test_conditions_that_say_other_things_are_a_sentence(tmp_path):
    lake = Lake(tmp_path)
    uri = lake.put_bytes(b'{"recipe": "1"}', "tiny", "conditions", suffix=".json").uri
    with pytest.raises(DataError, match="noted by a version of the code that this one does not understand"):
        conditions.read(lake, uri)
