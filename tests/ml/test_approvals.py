"""Who is asked, what is answered, and what makes a question void."""

from datetime import date, timedelta

import pytest

from ml import approvals, stages
from ml.errors import PromotionConflict
from ml.records import Decision, Verdict
from tests.judged import judged

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 5)
DECISION = Decision(pipeline="tiny", day=DAY, retrain=True)
LATER = timedelta(days=2)


@pytest.fixture
def asking(tiny, workspace):
    """The run of a pipeline in which ``users`` are asked for every version."""

    def of(users=""):
        path = tiny / "pipelines" / "tiny.yaml"
        path.write_text(path.read_text() + f"approval: {{kind: human, deadline: 1d, assigned_users: [{users}]}}\n")
        return workspace.run("tiny", DAY)

    return of


def evaluation(champion):
    return judged(DAY, champion_version=champion)


def asked(run, candidate, champion):
    run.workspace.registry.stage("tiny", candidate.version)
    return approvals.ask(run, candidate, evaluation(champion), DECISION)


def given(approval):
    return approval and (approval.answer, approval.by, approval.why)


def test_where_nobody_is_asked_the_answer_is_there_at_once(workspace, in_production, staged):
    in_production(1)
    run = workspace.run("tiny", DAY)
    question = asked(run, staged(2), 1)
    assert question.reasons == ()
    assert given(approvals.standing(run, question)) == ("auto", "nightshift", "nobody has to be asked")
    assert workspace.ledger.questions("tiny") == workspace.ledger.answers("tiny") == []


def test_a_question_waits_for_its_answer_and_keeps_who_and_why(asking, in_production, staged):
    in_production(1)
    run = asking()
    question = asked(run, staged(2), 1)
    assert question.deadline - question.at == timedelta(days=1)
    assert approvals.standing(run, question) is None
    assert asked(run, staged(2), 1) == question
    for _ in range(2):
        assert given(approvals.answer(run, question, "approved", "ada", "looks fine")) == (
            "approved",
            "ada",
            "looks fine",
        )
    assert given(approvals.standing(run, question)) == ("approved", "ada", "looks fine")
    assert len(run.workspace.ledger.answers("tiny")) == 1


def test_no_answer_by_the_deadline_is_an_answer_and_stays_one(asking, in_production, staged):
    in_production(1)
    run = asking()
    question = asked(run, staged(2), 1)
    late = approvals.standing(run, question, question.deadline + timedelta(minutes=1))
    assert given(late) == ("expired", "nightshift", f"nobody answered by {question.deadline:%Y-%m-%d %H:%M} UTC")
    assert approvals.answer(run, question, "approved", "ada", "") == late


def test_only_who_was_asked_may_answer(asking, in_production, staged):
    in_production(1)
    run = asking("ada, bea")
    question = asked(run, staged(2), 1)
    with pytest.raises(PromotionConflict, match="eve cannot answer for tiny version 2: only ada, bea was asked"):
        approvals.answer(run, question, "approved", "eve", "")
    assert approvals.answer(run, question, "rejected", "bea", "no").answer == "rejected"


def test_who_thinks_better_of_it_answers_again_in_time(asking, in_production, staged):
    in_production(1)
    run = asking()
    question = asked(run, staged(2), 1)
    approvals.answer(run, question, "rejected", "ada", "odd")
    assert given(approvals.answer(run, question, "approved", "ada", "it was the chart")) == (
        ("approved", "ada", "it was the chart")
    )
    late = question.deadline + timedelta(minutes=1)
    assert approvals.answer(run, question, "rejected", "ada", "odd", now=late).answer == "approved"


def test_what_is_in_production_is_not_rejected_any_more(asking, in_production, staged):
    in_production(1)
    run, second = asking(), staged(2)
    question = asked(run, second, 1)
    approvals.answer(run, question, "approved", "ada", "")
    stages.promote(run, second, Verdict(pipeline="tiny", day=DAY, run_id="r", passed=True, champion_version=1))
    with pytest.raises(
        PromotionConflict, match=r"version 2 is in Production since .*`nightshift rollback tiny` takes it"
    ):
        approvals.answer(run, question, "rejected", "ada", "")
    assert approvals.standing(run, question).answer == "approved"


def test_a_newer_challenger_withdraws_the_question(asking, in_production, staged):
    in_production(1)
    run = asking()
    older = asked(run, staged(2), 1)
    workspace = run.workspace
    workspace.registry.archive("tiny", 2, "overtaken by version 3 of 2013-06-06")
    asked(run, staged(3), 1)
    assert [q.version for q in workspace.ledger.unanswered("tiny")] == [3]
    stands = approvals.answer(run, older, "approved", "ada", "at last")
    assert given(stands) == ("withdrawn", "nightshift", "overtaken by version 3 of 2013-06-06")


def test_another_champion_withdraws_the_question(asking, in_production, staged):
    in_production(2)
    run = asking()
    question = asked(run, staged(3), 2)
    stages.roll_back(run, 1, "why", "bea")
    stands = approvals.standing(run, question)
    assert stands.answer == "withdrawn"
    assert stands.why.startswith("version 1 is in Production since 20")


def test_the_question_that_waits_is_found(asking, in_production, staged):
    in_production(1)
    run = asking()
    place = run.workspace
    with pytest.raises(PromotionConflict, match="nobody was asked about a version of tiny"):
        approvals.waiting(place, "tiny")
    question = asked(run, staged(2), 1)
    assert approvals.waiting(place, "tiny") == approvals.waiting(place, "tiny", 2) == question
    with pytest.raises(PromotionConflict, match="nobody was asked about version 7 of tiny"):
        approvals.waiting(place, "tiny", 7)


def test_a_case_knows_the_champion_and_what_put_it_there(asking, in_production):
    in_production(2)
    found = approvals.case(asking(), evaluation(2), DECISION)
    assert found.champion_tags["nightshift.recipe"] == "recipe"
    assert (found.newest.version, found.window, found.features) == (2, 28, ("weight", "town"))
