from datetime import UTC, datetime, timedelta

import pytest

from ml import steps, tryouts
from ml.errors import PromotionConflict
from tests.ml.tryouts.conftest import BEGAN, DAY, evaluation, tryout

pytestmark = pytest.mark.integration


@pytest.fixture
def waiting(workspace, trying, in_production, staged):
    """A run, and version 2 in Staging while version 1 serves."""

    def of(words="canary"):
        in_production(1)
        candidate = staged(2, DAY)
        workspace.registry.stage("tiny", 2)
        return trying(words), candidate

    return of


def begun(run, **changes):
    return run.workspace.ledger.record_tryout(tryout(**changes))


def verdict(found):
    return found and (found.passed, found.by)


@pytest.mark.parametrize("words", ["none", "shadow"])
def test_a_line_that_waits_for_no_traffic_walks_on(waiting, words):
    run, candidate = waiting(words)
    assert steps.try_out(run, candidate, evaluation()) == candidate
    assert run.workspace.ledger.tryouts("tiny") == []


def test_the_first_version_and_no_version_are_not_tried_out(waiting):
    run, candidate = waiting()
    bare = candidate.model_copy(update={"version": None})
    assert steps.try_out(run, candidate, evaluation(None)) == candidate
    assert steps.try_out(run, bare, evaluation()) == bare


def test_a_tryout_lasts_as_long_as_the_yaml_says_and_until_its_labels_are_due(waiting):
    run, candidate = waiting("{kind: canary, share: 0.2, wait: 3d}")
    before = datetime.now(UTC)
    opened = tryouts.opened(run, candidate, evaluation())
    assert opened == tryouts.opened(run, candidate, evaluation())
    assert (opened.version, opened.champion_version, opened.kind, opened.share) == (2, 1, "canary", 0.2)
    assert timedelta(days=4) <= opened.deadline - before < timedelta(days=4, minutes=1)


def test_until_it_is_decided_the_line_waits(waiting):
    run, candidate = waiting()
    assert steps.try_out(run, candidate, evaluation()) is None
    assert steps.try_out(run, candidate, evaluation()) is None


def test_a_version_that_does_worse_is_stopped_by_its_labels_and_archived_with_the_numbers(waiting, asked):
    run, candidate = waiting()
    opened = begun(run)
    asked(run, worse=0.15)
    stands = tryouts.standing(run, opened, BEGAN)
    assert verdict(stands) == (False, "labels")
    assert stands.interval[0] > 0
    assert (stands.rows, stands.blocks) == (350, 7)
    after = steps.try_out(run, candidate, evaluation())
    assert after.version is None
    assert [(f.gate, f.passed) for f in after.findings] == [("tryout", False)]
    assert run.workspace.registry.stages("tiny")[2] == "Archived"
    assert "version 2 is worse by" in run.workspace.registry.version("tiny", 2).tags["nightshift.archived"]
    assert steps.try_out(run, candidate, evaluation()) == after


def test_a_version_that_does_better_passes_before_its_days_are_over(waiting, asked):
    run, candidate = waiting()
    opened = begun(run)
    asked(run, worse=-0.15)
    assert verdict(tryouts.standing(run, opened, BEGAN)) == (True, "labels")
    after = steps.try_out(run, candidate, evaluation())
    assert (after.version, after.findings[-1].passed) == (2, True)


@pytest.mark.parametrize(("undecided", "passed"), [("pass", True), ("stop", False)])
def test_when_the_days_are_over_the_yaml_says_what_becomes_of_it(waiting, asked, undecided, passed):
    run, _ = waiting()
    opened = begun(run, undecided=undecided)
    asked(run, days=3)
    assert tryouts.standing(run, opened, opened.deadline - timedelta(seconds=1)) is None
    stands = tryouts.standing(run, opened, opened.deadline)
    assert verdict(stands) == (passed, "clock")
    assert f"too few days to be sure of anything); the YAML says undecided: {undecided}" in stands.why


def test_traffic_that_never_came_is_told(waiting):
    run, _ = waiting()
    stands = tryouts.standing(run, begun(run), BEGAN + timedelta(days=30))
    assert "no row that both versions answered has its label yet" in stands.why


def test_a_version_that_was_archived_meanwhile_is_tried_no_more(waiting):
    run, _ = waiting()
    opened = begun(run)
    run.workspace.registry.archive("tiny", 2, "overtaken by version 3")
    stands = tryouts.standing(run, opened, BEGAN)
    assert verdict(stands) == (False, "withdrawn")
    assert stands.why == "its tryout is void: overtaken by version 3"


def test_a_person_ends_it_and_no_later_verdict_counts(waiting):
    run, _ = waiting()
    opened = begun(run)
    assert tryouts.under_way(run.workspace, "tiny") == opened
    tryouts.stopped(run, opened, "ada", "callers complain")
    assert tryouts.standing(run, opened, opened.deadline).why == "ada stopped the tryout of version 2: callers complain"
    with pytest.raises(PromotionConflict, match="a version of tiny sees no traffic before Production for now"):
        tryouts.under_way(run.workspace, "tiny")
    assert tryouts.under_way(run.workspace, "tiny", 2) == opened
