import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from ml.errors import ServiceUnavailable
from plugins import draw, runs, tryout

pytestmark = pytest.mark.integration
SOON = datetime.now(UTC) + timedelta(days=1)


def test_the_task_is_drawn_among_the_others_and_as_patient(pipeline):
    task = draw.retrain(pipeline).get_task("try_out")
    assert isinstance(task, tryout.TryOut)
    assert task.upstream_task_ids == {"refit", "evaluate"}
    assert task.downstream_task_ids == {"ask", "promote", "announce"}
    assert (task.retries, task.trigger_rule) == (5, "none_failed")


@pytest.fixture
def task(pipeline, monkeypatch):
    """The task with a tryout whose verdict a test may set."""
    stands = [None]
    monkeypatch.setattr(runs, "bind", lambda *_: SimpleNamespace(name="tiny"))
    monkeypatch.setattr("ml.records.from_json", lambda value: value)
    opened = SimpleNamespace(version=2, deadline=SOON)
    monkeypatch.setattr("ml.tryouts.opened", lambda run, refitted, evaluation: opened if refitted["version"] else None)
    monkeypatch.setattr("ml.tryouts.standing", lambda run, opened: stands[0])
    monkeypatch.setattr(tryout, "walk_step", lambda *given: "walked on")
    inputs = [{"version": 2}, {"champion_version": 1}]
    made = tryout.TryOut(task_id="try_out", pipeline=pipeline, day_of=runs.decided, inputs=inputs)
    return SimpleNamespace(task=made, stands=stands)


def test_while_traffic_has_not_spoken_the_task_sleeps_without_a_worker(task):
    from airflow.sdk.exceptions import TaskDeferred

    with pytest.raises(TaskDeferred) as slept:
        task.task.execute({})
    trigger = slept.value.trigger
    assert (trigger.pipeline, trigger.version, trigger.deadline) == ("tiny", 2, SOON)
    with pytest.raises(TaskDeferred):
        task.task.execute_complete({}, {"pipeline": "tiny"})
    task.stands[0] = "a verdict"
    assert task.task.execute_complete({}, {"pipeline": "tiny"}) == "walked on"


@pytest.mark.parametrize("inputs", [[{"version": None}, {}], [None, {}]])
def test_where_nothing_is_tried_out_it_walks_on(task, inputs):
    task.task.inputs = inputs
    assert task.task.execute({}) == "walked on"


def fired(trigger):
    async def first():
        return await anext(trigger.run())

    return asyncio.run(asyncio.wait_for(first(), 30)).payload


def test_the_trigger_fires_when_the_tryout_has_ended_and_survives_a_ledger_that_is_away(monkeypatch):
    answers = [ServiceUnavailable("away"), False, True]

    def tried(*_):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("ml.watching.tried", tried)
    trigger = tryout.TryoutTrigger("tiny", 2, SOON, seconds=0.01)
    assert fired(trigger) == {"pipeline": "tiny", "version": 2}
    assert answers == []


def test_once_in_a_while_it_fires_all_the_same_for_the_labels(monkeypatch):
    monkeypatch.setattr("ml.watching.tried", lambda *_: False)
    assert fired(tryout.TryoutTrigger("tiny", 2, SOON, seconds=0.01, again=0.05))["version"] == 2


def test_the_trigger_comes_back_from_the_database_as_it_went():
    name, words = tryout.TryoutTrigger("tiny", 2, SOON).serialize()
    assert name == "plugins.tryout.TryoutTrigger"
    assert tryout.TryoutTrigger(**words).serialize() == (name, words)
