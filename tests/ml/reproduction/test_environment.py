"""The environment of a training, built anew.

Installing the whole lock takes most of a minute and a package index, so the tests install nothing, or a lock of one
line; docs/reproduce.md has what the whole of it gave.
"""

import dataclasses
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ml.errors import ConfigError, NoData, ServiceUnavailable
from ml.lake import Lake
from ml.reproduction import environment

pytestmark = pytest.mark.integration

LOCK = Path(__file__).parents[3] / "requirements.lock"


@pytest.fixture
def checkout(tmp_path, repository):
    """A repository of one commit that holds our ``ml``."""
    home = tmp_path / "checkout"
    shutil.copytree(repository / "ml", home / "ml", ignore=shutil.ignore_patterns("__pycache__"))
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        git(home, *words)
    return home


def git(home, *words):
    who = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    command = ["git", "-C", str(home), *who, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def noted(origin, checkout):
    """The conditions of the walked night, as if it had run at that repository's commit."""
    return origin.models[1].conditions.model_copy(update={"code_version": git(checkout, "rev-parse", "HEAD")})


def test_the_code_of_a_commit_is_checked_out_and_recognised(noted, checkout, tmp_path):
    code, notes = environment.checked_out(noted, checkout, tmp_path / "there")
    assert (code / "ml" / "reproduction" / "__main__.py").is_file()
    assert notes == ()


def test_changes_that_were_never_committed_are_found_out(noted, checkout, tmp_path):
    ran = noted.model_copy(update={"code_version": f"{noted.code_version}-dirty", "code_sha256": "f" * 64})
    _, (note,) = environment.checked_out(ran, checkout, tmp_path / "there")
    assert "are not those that ran and its tree had changes that were not committed" in note


def test_a_version_without_a_commit_is_a_sentence(noted, checkout, tmp_path):
    with pytest.raises(NoData, match=r"ran as version '0\.1\.0', which is no commit"):
        environment.checked_out(noted.model_copy(update={"code_version": "0.1.0"}), checkout, tmp_path)


def test_a_commit_that_is_not_here_is_a_sentence(noted, checkout, tmp_path):
    with pytest.raises(ConfigError, match=r"does not have commit f{40}"):
        environment.checked_out(noted.model_copy(update={"code_version": "f" * 40}), checkout, tmp_path)


def test_a_training_without_a_lock_is_a_sentence(noted, walked, tmp_path):
    with pytest.raises(NoData, match=r"ran without a requirements\.lock"):
        environment.installed(walked.lake, noted.model_copy(update={"lock": None}), tmp_path)


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake")


def with_lock(lake, noted, text):
    kept = lake.put_bytes(text, "tiny", "locks", suffix=".txt")
    return noted.model_copy(update={"lock": kept.uri, "lock_sha256": kept.fingerprint})


def test_an_environment_is_made_once_with_the_python_that_ran(lake, noted, tmp_path):
    empty = with_lock(lake, noted, b"# nothing is needed\n")
    python = environment.installed(lake, empty, tmp_path)
    told = subprocess.run([python, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True)
    assert told.stdout.strip() == str(sys.version_info[:2])
    made = python.lstat().st_mtime_ns
    assert environment.installed(lake, empty, tmp_path).lstat().st_mtime_ns == made


def test_a_lock_that_cannot_be_installed_is_a_sentence(lake, noted, tmp_path):
    unhashed = with_lock(lake, noted, b"six==1.17.0\n")
    with pytest.raises(ServiceUnavailable, match="the locked libraries could not be installed: "):
        environment.installed(lake, unhashed, tmp_path)


def test_a_python_that_is_not_here_is_a_sentence(lake, noted, tmp_path, monkeypatch):
    monkeypatch.setenv("UV_OFFLINE", "1")
    old = with_lock(lake, noted.model_copy(update={"python": "CPython 3.2.1"}), b"")
    with pytest.raises(ConfigError, match=r"no environment of Python 3\.2 could be made: "):
        environment.installed(lake, old, tmp_path)


def test_models_of_two_environments_are_a_sentence(origin):
    judged, refitted = origin.models
    upgraded = refitted.conditions.model_copy(update={"lock_sha256": "f" * 64})
    mixed = dataclasses.replace(origin, models=(judged, dataclasses.replace(refitted, conditions=upgraded)))
    with pytest.raises(ConfigError, match="were fitted in 2 environments"):
        environment._one_environment(mixed)


def test_a_training_comes_out_to_the_bit_in_an_environment_apart(walked, origin, noted, checkout, tmp_path):
    """The libraries of this environment, seen by a Python of its own, and the code of a commit."""
    models = tuple(dataclasses.replace(model, conditions=noted) for model in origin.models)
    ready(tmp_path / "there", noted)
    found = environment.redo_locked(walked, dataclasses.replace(origin, models=models), tmp_path / "there", checkout)
    assert found.identical
    assert found.place == f"in the environment of its lock, built in {tmp_path / 'there'}"
    assert found.notes == ()
    assert [model.differences for model in found.models] == [(), ()]


def ready(there, noted):
    """An environment as ``installed`` leaves it, whose libraries are this one's, with the estimator of ``tiny``."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(there / "venv")], check=True)
    (packages,) = (there / "venv" / "lib").glob("python*/site-packages")
    ours = next(path for path in sys.path if path.endswith("site-packages"))
    (packages / "ours.pth").write_text(ours + os.linesep)
    (packages / "tests").mkdir()
    shutil.copy(LOCK.parent / "tests" / "tiny.py", packages / "tests")
    shutil.copy(LOCK, there)
    (there / "built").write_text(f"{noted.lock_sha256} {environment._minor(noted)}\n")
