"""``nightshift approve``, ``reject``, ``rollback`` and ``reconcile``, as they are typed."""

import getpass
import json
from datetime import date

import pytest
from typer.testing import CliRunner

from ml.cli import app
from ml.errors import NightshiftError, PromotionConflict

pytestmark = pytest.mark.integration


@pytest.fixture
def typed(tiny, tmp_path, monkeypatch):
    """Types a command about the throw-away workspace."""
    monkeypatch.setenv("NIGHTSHIFT_CONFIG", str(tiny))
    monkeypatch.setenv("NIGHTSHIFT_HOME", str(tmp_path / "no-stack"))

    def invoke(*words):
        done = CliRunner().invoke(app, [*words, "--workspace", str(tmp_path / "apart")])
        if isinstance(done.exception, NightshiftError):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.output

    return invoke


def mails(workspace):
    return sorted(p.read_text() for p in (workspace.lake.root.parent / "mails").rglob("*.eml"))


def test_a_night_ends_with_a_question_and_an_answer_walks_the_rest(typed, tiny, workspace):
    path = tiny / "pipelines" / "tiny.yaml"
    path.write_text(path.read_text() + "approval: human\n")
    ran = typed("run", "tiny", "--day", "2013-06-01")
    assert ran.splitlines()[-1] == (
        'version 1 waits for a person: `nightshift approve tiny --version 1 --why "..."` or reject'
    )
    assert workspace.registry.standing("tiny").serving == []
    assert workspace.registry.stages("tiny") == {1: "Staging"}
    assert [m.subject for m in (a.alert for a in workspace.ledger.pending())] == []
    assert len(mails(workspace)) == 1
    answered = typed("approve", "tiny", "--why", "the slices look fine")
    assert "version 1 is in Production" in answered
    assert workspace.registry.production("tiny").version == 1
    (kept,) = workspace.ledger.answers("tiny")
    assert (kept.answer, kept.by, kept.why) == ("approved", getpass.getuser(), "the slices look fine")
    assert len(mails(workspace)) == 2
    assert "version 1 is in Production" in typed("approve", "tiny", "--version", "1", "--why", "again")
    assert len(mails(workspace)) == 2


def test_a_rejected_version_is_archived_and_told(typed, tiny, workspace):
    path = tiny / "pipelines" / "tiny.yaml"
    path.write_text(path.read_text() + "approval: {kind: human_if, occasions: [first_model]}\n")
    typed("run", "tiny", "--day", "2013-06-01")
    typed("reject", "tiny", "--why", "the towns look odd")
    assert workspace.registry.stages("tiny") == {1: "Archived"}
    tag = workspace.registry.version("tiny", 1).tags["nightshift.archived"]
    assert tag == f"rejected by {getpass.getuser()}: the towns look odd"
    assert any("v1 was rejected" in mail for mail in mails(workspace))
    with pytest.raises(PromotionConflict, match="nobody was asked about a version of tiny"):
        typed("approve", "tiny", "--why", "after all")


def test_a_rollback_is_a_row_a_mail_and_a_line(typed, workspace, in_production):
    in_production(2)
    told = typed("rollback", "tiny", "--why", "late parcels look early")
    assert "version 1 is in Production, version 2 archived, rolled back by" in told
    again = json.loads(typed("rollback", "tiny", "--why", "late parcels look early", "--json"))
    assert [step["step"] for step in again["steps"]] == ["rollback", "tell", "deliver"]
    assert again["day"] == "2013-06-02"
    assert len(mails(workspace)) == 1
    assert [p.kind for p in workspace.ledger.promotions("tiny")] == ["promotion", "promotion", "rollback"]
    with pytest.raises(PromotionConflict, match="tiny has no version 9"):
        typed("rollback", "tiny", "--to", "9", "--why", "x")


def test_all_pipelines_are_reconciled_and_what_is_found_is_mailed(typed, workspace, in_production):
    in_production(2)
    assert "nothing to do" in typed("reconcile")
    workspace.registry._client.set_registered_model_alias("tiny", "production", "1")
    assert "mail: tiny: v2 is back in Production" in typed("reconcile", "tiny")
    assert workspace.registry.production("tiny").version == 2
    assert len(mails(workspace)) == 1


def test_what_a_person_does_belongs_to_the_newest_night(workspace, in_production):
    from ml import past

    in_production(2)
    assert past.newest_run(workspace, "tiny").day == date(2013, 6, 2)
