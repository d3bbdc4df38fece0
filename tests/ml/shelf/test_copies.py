import json
import os
import time

import pytest

from ml.errors import ServiceUnavailable, TrainingError
from ml.shelf import Copies, Damaged, Placed
from ml.shelf.copies import KEPT
from tests.ml.shelf.conftest import NOW

pytestmark = pytest.mark.integration


@pytest.fixture
def copies(tmp_path):
    return Copies("tiny", tmp_path / "tiny")


def no_mlflow(version, folder):
    raise ServiceUnavailable("MLflow did not answer")


def test_a_version_is_fetched_once(copies, fetch):
    copy = copies.get(2, fetch)
    assert (copy.folder / "model.skops").is_file()
    assert copies.get(2, no_mlflow) == copies.here(2) == copy


def test_a_version_that_is_not_here_needs_mlflow(copies):
    assert copies.here(2) is None
    with pytest.raises(ServiceUnavailable):
        copies.get(2, no_mlflow)
    assert list(copies.folder.glob("[0-9]*")) == list(copies.folder.glob(".unfinished/*")) == []


@pytest.mark.parametrize("name", ["model.skops", "golden.json", "MLmodel"])
def test_a_changed_file_is_told_by_its_name_and_fetched_again(copies, fetch, name, caplog):
    path = copies.get(1, fetch).folder / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(Damaged, match=rf"tiny version 1 on this machine is damaged: .*{name} is not as it was fetched"):
        copies.here(1)
    with pytest.raises(ServiceUnavailable):
        copies.get(1, no_mlflow)
    assert copies.get(1, fetch) == copies.here(1)
    assert "it is fetched again" in caplog.text


@pytest.mark.parametrize("how", ["gone", "more"])
def test_a_file_that_is_gone_or_one_too_many_is_damage(copies, fetch, how):
    path = copies.get(1, fetch).folder / ("MLmodel" if how == "gone" else "more.txt")
    path.unlink() if how == "gone" else path.write_text("?")
    with pytest.raises(Damaged, match=r"is not as it was fetched"):
        copies.here(1)


def test_a_copy_that_says_nothing_of_itself_is_damaged(copies, fetch):
    copies.get(1, fetch)
    (copies.folder / "1" / "copy.json").write_text("{}")
    with pytest.raises(Damaged, match=r"its copy\.json cannot be read"):
        copies.here(1)


def test_a_fetch_that_is_refused_leaves_nothing(copies):
    def refused(version, folder):
        (folder / "half").write_text("a file")
        raise TrainingError("no")

    with pytest.raises(TrainingError, match="no"):
        copies.get(1, refused)
    assert copies.here(1) is None
    assert list(copies.folder.glob(".unfinished/*")) == []


def test_two_processes_that_fetch_the_same_version_have_one_copy(copies, fetch):
    def beaten(version, folder):
        copies._put(version, fetch)
        return fetch(version, folder)

    assert copies.get(3, beaten) == copies.here(3)


def test_what_stood_on_the_shelf_is_noted_in_one_piece(copies):
    standing = {"production": Placed(3, NOW), "previous": Placed(2, NOW)}
    assert copies.standing() == {}
    copies.note({"production": Placed(2, NOW)})
    copies.note(standing)
    assert copies.standing() == standing
    assert [path.name for path in copies.folder.iterdir()] == ["standing.json"]


@pytest.mark.parametrize("text", ["", "[]", '{"production": 3}', '{"production": {"version": 3}}'])
def test_a_note_that_cannot_be_read_is_no_note(copies, text):
    copies.folder.mkdir()
    (copies.folder / "standing.json").write_text(text)
    assert copies.standing() == {}


def test_the_needed_copies_and_the_newest_are_kept(copies):
    for version in range(1, 10):
        (copies.folder / str(version)).mkdir(parents=True)
    for name, age in {"left": 7200, "another's": 0}.items():
        (copies.folder / ".unfinished" / name).mkdir(parents=True)
        os.utime(copies.folder / ".unfinished" / name, (time.time() - age,) * 2)
    copies.prune({2, 9})
    assert sorted(path.name for path in copies.folder.glob("[0-9]*")) == ["2", "6", "7", "8", "9"]
    assert [path.name for path in (copies.folder / ".unfinished").iterdir()] == ["another's"]
    assert KEPT == 5


def test_a_copy_says_which_run_made_it(copies, fetch, store):
    copies.get(1, fetch)
    about = json.loads((copies.folder / "1" / "copy.json").read_text())
    assert about["run_id"] == store.version("tiny", 1).run_id == copies.here(1).run_id
