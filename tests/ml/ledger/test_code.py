"""Which code ran."""

import shutil
import subprocess
from pathlib import Path

import pytest

from ml import __version__
from ml.ledger import code


@pytest.fixture(autouse=True)
def _afresh():
    code.code_version.cache_clear()
    yield
    code.code_version.cache_clear()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    (tmp_path / "file").write_text("one")
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["init", "-q"], ["add", "file"], [*who, "commit", "-q", "-m", "one"]):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True)
    return tmp_path


def test_a_clean_checkout_is_its_commit(checkout):
    assert len(code._commit(checkout) or "") == 40


def test_a_changed_checkout_is_dirty(checkout):
    (checkout / "file").write_text("two")
    assert (code._commit(checkout) or "").endswith("-dirty")


def test_the_environment_overrides_it(monkeypatch):
    monkeypatch.setenv("NIGHTSHIFT_CODE_VERSION", "release-7")
    assert code.code_version() == "release-7"


def test_without_git_it_is_the_version_of_the_package(monkeypatch):
    monkeypatch.delenv("NIGHTSHIFT_CODE_VERSION", raising=False)
    monkeypatch.setenv("PATH", "")
    assert code.code_version() == __version__


def test_another_projects_checkout_is_not_ours(checkout):
    (checkout / "site-packages").mkdir()
    assert code._commit(checkout / "site-packages") is None
