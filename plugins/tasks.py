"""Steps as Airflow tasks: the ``do`` that draws a line instead of walking it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from inspect import cleandoc
from typing import Any

from airflow.sdk import (
    Asset,
    ExceptionRetryPolicy,
    RetryAction,
    RetryDecision,
    RetryRule,
    TriggerRule,
    get_current_context,
    task,
)
from airflow.sdk.exceptions import AirflowSkipException

from ml.config import PipelineConfig
from ml.errors import NightshiftError, ServiceUnavailable
from ml.steps import Step
from plugins import links, runs


class Patience(ExceptionRetryPolicy):
    """Rules for the errors that we foresaw; any other is a bug, which gets one more try and no patience.

    Only a worker asks a policy, with the exception in hand; the scheduler never sees it, so that a process that was
    killed keeps all its tries.
    """

    def evaluate(self, exception: BaseException, try_number: int, max_tries: int, context: Any = None) -> RetryDecision:
        """What becomes of a task that raised this in its try of that number, counted from 1."""
        decision = super().evaluate(exception, try_number, max_tries, context)
        if decision.action is RetryAction.DEFAULT and try_number > 1:
            return RetryDecision.fail("a bug: it was tried twice, and more tries only hide it longer")
        return decision


RETRY_POLICY = Patience(
    [
        RetryRule(ServiceUnavailable, RetryAction.RETRY, reason="a neighbour did not answer; it may later"),
        RetryRule(NightshiftError, RetryAction.FAIL, reason="trying again gives the same answer"),
    ]
)

# A step without a result is skipped, and its followers still run: they know which of their inputs they need.
# Tries wait 30 s, 1, 2, 4 and 8 min: a restarted neighbour is back by then, and a longer outage is for a person.
OPTIONS: dict[str, Any] = {
    "trigger_rule": TriggerRule.NONE_FAILED,
    "retry_policy": RETRY_POLICY,
    "retries": 5,
    "retry_delay": timedelta(seconds=30),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=15),
    "execution_timeout": timedelta(hours=2),
    "multiple_outputs": False,
    "show_return_value_in_logs": False,  # a mail's HTML is long; the log says the record in a sentence
}


@dataclass(frozen=True)
class AsTasks:
    """Makes a task of each step it is given. ``day_of`` says which data day the task's run is for.

    ``drawn_by`` names what draws a step of which Airflow has an operator of its own.
    """

    pipeline: PipelineConfig
    day_of: runs.DayOf
    drawn_by: Mapping[Step, Callable[..., Any]] = field(default_factory=dict)

    def __call__(self, step: Step, *inputs: Any) -> Any:
        buttons = links.of(step)
        if step in self.drawn_by:
            draw = self.drawn_by[step]
            return draw(pipeline=self.pipeline, day_of=self.day_of, inputs=inputs, buttons=buttons)

        def walk(*given: Any) -> Any:
            return walk_step(self.pipeline, self.day_of, step, given, buttons)

        return as_task(step.__name__, step.__doc__ or "", walk, operator_extra_links=buttons)(*inputs)


def as_task(
    name: str,
    text: str,
    function: Callable[..., Any],
    operator_extra_links: tuple[links.MlflowRun, ...] = (),
    outlets: tuple[Asset, ...] = (),
) -> Callable[..., Any]:
    """A maker of tasks with the options that all our tasks share; called with inputs, it draws one."""

    def draw(*inputs: Any) -> Any:
        promise = task(task_id=name, doc_md=cleandoc(text), outlets=list(outlets), **OPTIONS)(function)(*inputs)
        promise.operator.operator_extra_links = operator_extra_links
        return promise

    return draw


def walk_step(
    pipeline: PipelineConfig,
    day_of: runs.DayOf,
    step: Step,
    given: tuple[Any, ...],
    buttons: tuple[links.MlflowRun, ...] = (),
) -> Any:
    """Do a step inside a running task: records come in and go out as JSON.

    Raises
    ------
    AirflowSkipException
        The step had nothing to do.
    """
    from ml.records import from_json, to_json
    from ml.summary import sentence
    from ml.walker import perform

    context = get_current_context()
    run = runs.bind(pipeline, context, day_of)
    record = perform(run, step, *(from_json(v) if isinstance(v, dict) else v for v in given))
    print(f"{run} {step.__name__}: {sentence(record)}")
    if record is None:
        raise AirflowSkipException(f"{run} {step.__name__}: nothing to do")
    for button in buttons:
        button.url = run.workspace.registry.run_url(record.run_id)
    return to_json(record)
