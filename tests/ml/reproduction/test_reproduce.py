"""A training done again, in processes of its own."""

import dataclasses
import shutil

import pytest

from ml.errors import DataError
from ml.lake import Lake
from ml.reproduction import reproduce

pytestmark = pytest.mark.integration


def test_a_training_comes_out_to_the_bit(walked, run_id):
    found = reproduce(walked, run_id)
    assert found.identical
    assert [model.moved for model in found.models] == [(0.0, 0.0), (0.0, 0.0)]
    assert list(found.lines())[-1] == "Identical: judged and model came out to the bit."


def test_another_number_of_threads_is_named(walked, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    monkeypatch.setenv("OMP_WAIT_POLICY", "passive")  # a thread that waits for the other one burns no processor
    found = reproduce(walked, "tiny@production")
    assert not found.identical
    for model in found.models:
        assert "the number of OpenMP threads was 1, here it is 2" in [d.sentence for d in model.differences]
        assert {d.kind for d in model.differences} == {"threads"}
        assert model.probe_sha256[0] == model.probe_sha256[1]
    assert "  its predictions on the probe are equal to the bit" in "\n".join(found.lines())
    assert found.as_json()["identical"] is False


def test_what_the_yaml_says_today_changes_nothing_and_is_told(walked, run_id, tmp_path):
    changed = tmp_path / "pipelines"
    shutil.copytree(walked.pipelines, changed)
    yaml = changed / "tiny.yaml"
    yaml.write_text(yaml.read_text().replace("seed: 3", "seed: 4"))
    found = reproduce(dataclasses.replace(walked, pipelines=changed), run_id)
    assert found.identical
    assert [d.sentence for d in found.yaml] == ["model.seed was 3, here it is 4"]


def test_a_pipeline_without_a_yaml_is_reproduced_too(walked, run_id, tmp_path):
    (tmp_path / "pipelines").mkdir()
    assert reproduce(dataclasses.replace(walked, pipelines=tmp_path / "pipelines"), run_id).identical


@pytest.fixture
def elsewhere(walked, origin, tmp_path):
    """The workspace with a lake of its own, in which the snapshot may be harmed."""
    shutil.copytree(walked.lake.root, tmp_path / "lake")
    return dataclasses.replace(walked, lake=Lake(tmp_path / "lake"))


def test_a_snapshot_that_is_gone_is_a_sentence(elsewhere, origin):
    elsewhere.lake.path(origin.snapshot.uri).unlink()
    with pytest.raises(DataError, match=r"cannot be done again: its snapshot tiny/snapshots/.* is not in the lake"):
        reproduce(elsewhere, origin.run_id)


def test_a_snapshot_that_was_damaged_is_a_sentence(elsewhere, origin):
    with elsewhere.lake.path(origin.snapshot.uri).open("ab") as file:
        file.write(b"!")
    with pytest.raises(DataError, match="is damaged: its sha256 is"):
        reproduce(elsewhere, origin.run_id)
