"""Steps as Airflow tasks: the ``do`` that draws a line instead of walking it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from inspect import cleandoc
from typing import Any

from airflow.sdk import ExceptionRetryPolicy, RetryAction, RetryRule, TriggerRule, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from ml.config import PipelineConfig
from ml.errors import NightshiftError, ServiceUnavailable
from ml.steps import Step
from plugins import runs

RETRY_POLICY = ExceptionRetryPolicy(
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
}


@dataclass(frozen=True)
class AsTasks:
    """Makes a task of each step it is given. ``day_of`` says which data day the task's run is for."""

    pipeline: PipelineConfig
    day_of: runs.DayOf

    def __call__(self, step: Step, *inputs: Any) -> Any:
        def walk(*given: Any) -> Any:
            return walk_step(self.pipeline, self.day_of, step, given)

        return as_task(step.__name__, step.__doc__ or "", walk)(*inputs)


def as_task(name: str, text: str, function: Callable[..., Any], **more: Any) -> Callable[..., Any]:
    """A task factory with the options that all our tasks share."""
    decorate = task(task_id=name, doc_md=cleandoc(text), **OPTIONS, **more)
    return decorate(function)  # type: ignore[no-any-return]


def walk_step(pipeline: PipelineConfig, day_of: runs.DayOf, step: Step, given: tuple[Any, ...]) -> Any:
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
    _push_mlflow_page(run, record, context)
    return to_json(record)


def _push_mlflow_page(run: Any, record: Any, context: runs.Context) -> None:
    if run_id := getattr(record, "run_id", None):
        context["ti"].xcom_push(key="mlflow_page", value=run.workspace.registry.run_url(run_id))
