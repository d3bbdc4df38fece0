"""What somebody changes in MLflow past the gates is seen, told, kept, and adopted or put back."""

from datetime import date

import pytest

from ml import outside, stages
from ml.records import Promotion
from ml.registry import Standing

DAY = date(2013, 6, 5)


def row(version, previous):
    return Promotion.model_validate(
        {
            "pipeline": "tiny",
            "day": "2013-06-01",
            "version": version,
            "previous": previous,
            "run_id": "r",
            "snapshot": "s",
            "at": "2026-01-01T00:00:00Z",
        }
    )


BOOK = [row(1, None), row(2, 1)]
RIGHT = Standing({1: "Archived", 2: "Production", 3: "Staging"}, {"production": 2, "previous": 1, "staging": 3})


def standing(stages=None, aliases=None):
    return Standing({**RIGHT.stages, **(stages or {})}, {**RIGHT.aliases, **(aliases or {})})


@pytest.mark.parametrize(
    ("book", "seen", "said", "meant"),
    [
        (BOOK, RIGHT, None, None),
        ([], Standing({}, {}), None, None),
        (BOOK, standing({3: "Archived"}), None, None),
        (BOOK, standing({2: "Archived", 3: "Production"}), "holds version 3, where version 2 belongs", 3),
        (BOOK, standing({3: "Production"}), "holds version 2 and 3, where version 2 belongs", 3),
        (BOOK, standing(aliases={"production": 1}), "alias production points to version 1, where version 2 belon", 1),
        (BOOK, standing({2: "Archived"}), "holds nothing, where version 2 belongs", None),
        (BOOK, standing({1: "Production", 3: "Production"}), "holds version 1 and 2 and 3, where", None),
        (
            BOOK,
            Standing(RIGHT.stages, {"production": 2}),
            "the alias previous points to nothing, where version 1",
            None,
        ),
        ([], Standing({1: "Production"}, {}), "holds version 1, where nothing belongs", 1),
    ],
)
def test_what_differs_is_a_sentence_and_which_version_is_meant(book, seen, said, meant):
    found = outside.difference(book, seen)
    assert (found is None) if said is None else (said in found)
    if said is not None:
        assert outside.meant_by(book, seen) == meant


@pytest.fixture
def run(workspace):
    return workspace.run("tiny", DAY)


@pytest.fixture
def adopting(tiny, workspace):
    path = tiny / "pipelines" / "tiny.yaml"
    path.write_text(path.read_text() + "stages: {outside: adopt}\n")
    return workspace.run("tiny", DAY)


def click(workspace, version, stage="Production"):
    client = workspace.registry._client
    client.transition_model_version_stage("tiny", str(version), stage, archive_existing_versions=stage != "Archived")


def book(workspace):
    return [(p.kind, p.version, p.previous) for p in workspace.ledger.promotions("tiny")][2:]


def shown(workspace):
    standing = workspace.registry.standing("tiny")
    return standing.serving, dict(standing.aliases)


@pytest.mark.integration
class TestReconciled:
    def test_where_nobody_did_anything_there_is_nothing_to_tell(self, workspace, run, in_production):
        assert outside.reconcile(run) is None
        in_production(2)
        assert outside.reconcile(run) is None
        assert workspace.ledger.pending("tiny") == []

    def test_a_click_on_production_is_told_kept_and_put_back(self, workspace, run, in_production, staged):
        in_production(2)
        staged(3)
        click(workspace, 3)
        alert = outside.reconcile(run)
        assert alert.subject == "tiny: v2 is back in Production"
        assert (
            "The stage Production holds version 3" in alert.text or "the stage Production holds version 3" in alert.text
        )
        assert "nightshift rollback tiny --to 3" in alert.text
        assert book(workspace) == [("outside", 3, 2), ("revert", 2, 3)]
        assert shown(workspace) == ([2], {"production": 2, "previous": 1})
        assert outside.reconcile(run) is None

    def test_it_stays_where_the_yaml_says_adopt(self, workspace, adopting, in_production, staged):
        in_production(2)
        staged(3)
        workspace.registry._client.set_registered_model_alias("tiny", "production", "3")
        alert = outside.reconcile(adopting)
        assert alert.subject == "tiny: v3 was put into Production by hand"
        assert "--to 2" in alert.text
        assert book(workspace) == [("outside", 3, 2)]
        assert shown(workspace) == ([3], {"production": 3, "previous": 2})
        newest = workspace.ledger.in_production("tiny")
        assert (newest.by, newest.recipe) == ("somebody in MLflow", "recipe")

    def test_a_model_that_is_not_ours_is_never_adopted(self, workspace, adopting, in_production):
        in_production(2)
        client = workspace.registry._client
        client.create_model_version("tiny", source="/somewhere", run_id=None)
        click(workspace, 3)
        alert = outside.reconcile(adopting)
        assert "version 3 was not made by Nightshift" in alert.text
        assert shown(workspace)[0] == [2]

    def test_an_emptied_production_is_filled_again(self, workspace, adopting, in_production):
        in_production(2)
        click(workspace, 2, "Archived")
        assert "no other version was put in its place" in outside.reconcile(adopting).text
        assert book(workspace) == [("revert", 2, None)]
        assert shown(workspace) == ([2], {"production": 2, "previous": 1})

    def test_a_deleted_champion_leaves_nothing_and_is_told_once(self, workspace, run, in_production):
        in_production(2)
        workspace.registry._client.delete_model_version("tiny", "2")
        first, again = outside.reconcile(run), outside.reconcile(run)
        assert first.subject == "tiny: nothing is in Production"
        assert first.key == again.key
        assert len(workspace.ledger.pending("tiny")) == 1
        assert stages.roll_back(run, 1, "version 2 was deleted", "ada").version == 1
        assert shown(workspace) == ([1], {"production": 1})

    def test_an_empty_book_takes_what_it_finds(self, workspace, run, staged):
        staged(1)
        click(workspace, 1)
        assert outside.reconcile(run).subject == "tiny: v1 was put into Production by hand"
        assert shown(workspace) == ([1], {"production": 1})

    def test_what_we_left_half_done_is_finished_and_no_act_from_outside(self, workspace, run, in_production, staged):
        in_production(1)
        staged(2)
        workspace.ledger.record_promotion(row(2, 1))
        click(workspace, 2)
        assert outside.reconcile(run) is None
        assert shown(workspace) == ([2], {"production": 2, "previous": 1})
        assert [p.kind for p in workspace.ledger.promotions("tiny")] == ["promotion", "promotion"]

    def test_a_promotion_looks_first_whether_somebody_was_there(self, workspace, run, in_production, staged):
        from ml.records import Verdict

        in_production(2)
        staged(3)
        click(workspace, 3)
        verdict = Verdict(pipeline="tiny", day=DAY, run_id="r", passed=True, champion_version=2)
        assert stages.promote(run, staged(4), verdict).previous == 2
        assert book(workspace) == [("outside", 3, 2), ("revert", 2, 3), ("promotion", 4, 2)]
        assert [a.alert.subject for a in workspace.ledger.pending("tiny")] == ["tiny: v2 is back in Production"]
