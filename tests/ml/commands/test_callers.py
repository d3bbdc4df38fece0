"""Callers of the prediction service, from a terminal."""

import json

import pytest
from typer.testing import CliRunner

from ml.cli import app
from ml.errors import ConfigError
from ml.tokens import digest_of


@pytest.fixture
def callers(workspace, tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(tiny))
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path / "no-stack"))

    def run(*words):
        done = CliRunner().invoke(app, ["callers", *words, "--workspace", str(tmp_path / "apart")])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.output

    return run


def test_a_token_is_shown_once_and_kept_nowhere(callers, workspace):
    token = callers("create", "website", "--pipeline", "tiny").strip()
    [caller] = workspace.ledger.callers()
    assert (caller.name, caller.scopes, caller.digest) == ("website", ("tiny",), digest_of(token))
    assert token not in workspace.ledger.database.file.read_bytes().decode("latin-1")
    assert token not in callers("list")


def test_a_token_goes_into_a_file_that_only_its_owner_reads(callers, workspace, tmp_path):
    callers("create", "website", "--all", "--into", str(tmp_path / "token"))
    assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600
    [caller] = workspace.ledger.callers()
    assert caller.digest == digest_of((tmp_path / "token").read_text().strip())
    with pytest.raises(ConfigError, match="the token cannot be written"):
        callers("create", "other", "--all", "--into", str(tmp_path / "token"))
    assert len(workspace.ledger.callers()) == 1


def test_the_list_says_who_may_ask_what(callers):
    callers("create", "website", "--pipeline", "tiny")
    callers("revoke", "website")
    assert "tiny; since" in callers("list")
    assert "has not asked yet; revoked at" in callers("list")
    [shown] = json.loads(callers("list", "--json"))["callers"]
    assert "digest" not in shown


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("website",), "say what the caller may ask"),
        (("website", "--pipeline", "tiny", "--all"), "say what the caller may ask"),
        (("website", "--pipeline", "tinny"), "no pipeline 'tinny'"),
        (("web site", "--all"), "is no name of a caller"),
    ],
)
def test_a_caller_that_makes_no_sense_is_refused(callers, words, sentence):
    with pytest.raises(ConfigError, match=sentence):
        callers("create", *words)
