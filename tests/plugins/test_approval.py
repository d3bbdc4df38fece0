from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ml.approval import Human
from ml.records import Approval, Question, to_json
from plugins import approval, draw, runs

pytestmark = pytest.mark.integration

NOW = datetime.now(UTC)
QUESTION = Question(
    pipeline="tiny",
    day=date(2013, 6, 1),
    run_id="r",
    version=2,
    champion_version=1,
    reasons=("it is not better",),
    deadline=NOW + timedelta(hours=12),
    at=NOW,
)


@pytest.fixture
def waiting(pipeline, monkeypatch):
    """The task about a question, its answer, and what it told Airflow when it went to sleep."""
    from airflow.providers.standard.operators import hitl

    asked: list[dict[str, Any]] = []
    answers: list[Approval | None] = [None]
    kept: list[tuple[str, str, str]] = []

    def keep(run: Any, question: Question, given: str, by: str, why: str) -> Any:
        kept.append((given, by, why))
        return SimpleNamespace(answer=given, why=why)

    monkeypatch.setattr(hitl, "upsert_hitl_detail", lambda **detail: asked.append(detail))
    monkeypatch.setattr(runs, "bind", lambda *_: SimpleNamespace(name="tiny"))
    monkeypatch.setattr("ml.approvals.standing", lambda run, question: answers[0])
    monkeypatch.setattr("ml.approvals.answer", keep)
    monkeypatch.setattr("ml.walker.stored_inputs", lambda run, name: (None, ()))
    monkeypatch.setattr("ml.messages.question_page", lambda *inputs: "| a | table |")
    monkeypatch.setattr("ml.provenance.links", lambda run, run_id: None)
    monkeypatch.setattr(approval, "walk_step", lambda *given: "walked on")
    plan = pipeline.model_copy(update={"approval": Human(assigned_users=("ada",))})
    more = {"params": {"comment": approval.COMMENT}, "question": to_json(QUESTION)}
    task = approval.Approve(task_id="approve", pipeline=plan, day_of=runs.decided, **more)
    return SimpleNamespace(task=task, asked=asked, answers=answers, kept=kept)


CONTEXT = {"task_instance": SimpleNamespace(id="ti")}


def test_the_task_is_drawn_among_the_others_and_as_patient(pipeline):
    task = draw.retrain(pipeline).get_task("approve")
    assert isinstance(task, approval.Approve)
    assert task.upstream_task_ids == {"ask"}
    assert task.downstream_task_ids == {"promote", "announce"}
    assert (task.retries, task.trigger_rule) == (5, "none_failed")
    assert task.doc_md.startswith("Give the answer that stands")


def test_an_open_question_is_put_on_the_page_and_the_task_sleeps(waiting):
    from airflow.sdk.exceptions import TaskDeferred

    with pytest.raises(TaskDeferred) as slept:
        waiting.task.execute(CONTEXT)
    (detail,) = waiting.asked
    assert detail["subject"] == "May version 2 of tiny go into Production?"
    assert detail["body"] == "| a | table |"
    assert detail["options"] == ["Approve", "Reject"]
    assert detail["defaults"] == ["Reject"]
    assert detail["assigned_users"] == [{"id": "ada", "name": "ada"}]
    path, watched = slept.value.trigger.serialize()
    assert path == "plugins.waiting.QuestionTrigger"
    assert (watched["pipeline"], watched["version"], watched["defaults"]) == ("tiny", 2, ["Reject"])
    assert watched["timeout_datetime"] == QUESTION.deadline
    assert slept.value.method_name == "execute_complete"


def test_what_is_answered_already_is_not_asked(waiting):
    waiting.answers[0] = SimpleNamespace(answer="auto")
    assert waiting.task.execute(CONTEXT) == "walked on"
    assert waiting.asked == []


def test_a_step_before_that_gave_nothing_is_walked_over(waiting):
    waiting.task.question = None
    assert waiting.task.execute(CONTEXT) == "walked on"


@pytest.mark.parametrize(("choice", "given"), [("Approve", "approved"), ("Reject", "rejected")])
def test_an_answer_is_kept_with_who_and_why(choice, given, waiting):
    waiting.answers[0] = SimpleNamespace(answer=given)
    event = {
        "chosen_options": [choice],
        "params_input": {"comment": "looked at the slices"},
        "responded_at": NOW,
        "responded_by_user": {"id": "1", "name": "ada"},
        "timedout": False,
    }
    assert waiting.task.execute_complete(CONTEXT, event) == "walked on"
    assert waiting.kept == [(given, "ada", "looked at the slices")]


def test_what_ended_elsewhere_is_nobodys_answer(waiting):
    event = {
        "chosen_options": ["Reject"],
        "params_input": {},
        "responded_at": NOW,
        "responded_by_user": None,
        "timedout": True,
    }
    waiting.answers[0] = SimpleNamespace(answer="withdrawn")
    assert waiting.task.execute_complete(CONTEXT, event) == "walked on"
    assert waiting.kept == []


def test_a_deadline_that_is_not_there_yet_by_the_ledgers_clock_is_slept_to(waiting):
    from airflow.sdk.exceptions import TaskDeferred

    event = {"chosen_options": ["Reject"], "params_input": {}, "responded_by_user": None, "timedout": True}
    with pytest.raises(TaskDeferred):
        waiting.task.execute_complete(CONTEXT, event)
