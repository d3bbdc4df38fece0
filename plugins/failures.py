"""The last task of a DAG: when another one failed, its owner gets a mail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from airflow.sdk import DAG, get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from ml.config import PipelineConfig
from ml.days import newest_day
from ml.errors import ConfigError, NightshiftError, ServiceUnavailable
from ml.workspace import Run, Workspace
from plugins import runs, texts
from plugins.tasks import as_task

TELL = "tell_of_failure"
SAID = "said"


def watch(pipeline: PipelineConfig, line: str, dag: DAG) -> None:
    """Draw the task that tells the owner of a failure behind all others of the DAG of a pipeline's line."""
    draw(dag, lambda: tell(pipeline, line, get_current_context()))


def draw(dag: DAG, telling: Callable[[], None]) -> None:
    """Draw the task ``tell_of_failure`` behind all others of the DAG.

    A task and no callback: a callback dies with its process and loses the mail when the mail server is down. And a
    teardown, not a task with the rule ``one_failed``: Airflow colours a run by its last tasks, so that a mail well sent
    would turn a failed night green; a teardown has no say in that. It runs when all others have ended.
    """

    def tell_of_failure() -> None:
        telling()

    ends = list(dag.leaves)
    last = as_task(TELL, texts.TELL_TEXT, tell_of_failure)()
    last.operator.as_teardown()
    last.operator.set_upstream(ends)


def tell(pipeline: PipelineConfig, line: str, context: runs.Context) -> None:
    """Send the mail about this run.

    Raises
    ------
    AirflowSkipException
        No task failed.
    """
    from ml import failures

    place = Workspace.from_env()
    run = Run(pipeline, day_of(context, pipeline, line, place), place, runs.external(context))
    alert = failures.tell(run, line, context["ti"].run_id, states(context))
    if alert is None:
        raise AirflowSkipException("no task of this run failed")
    print(f"{run} {TELL}: mail: {alert.subject}")


def tell_each(context: runs.Context, line: str) -> None:
    """Send a mail to the owner of each pipeline whose task, of its name, failed in this run.

    Raises
    ------
    AirflowSkipException
        No task failed.
    NightshiftError
        An owner could not be told, or is not known because the YAML cannot be read; all others have been.
    """
    ended = {name: state for name, state in states(context).items() if name != TELL}
    failed, errors = [name for name, state in ended.items() if state == "failed"], list[NightshiftError]()
    if not failed:
        raise AirflowSkipException("no task of this run failed")
    for name in failed:
        try:
            _tell_one(context, line, name)
        except NightshiftError as error:
            errors.append(error)
    if errors:
        raise min(errors, key=lambda error: not isinstance(error, ServiceUnavailable))


def _tell_one(context: runs.Context, line: str, name: str) -> None:
    from ml import failures, past

    place, ti = Workspace.from_env(), context["ti"]
    run = replace(past.newest_run(place, name), external=runs.external(context))
    alert = failures.tell(run, line, ti.run_id, {name: "failed"}, {name: ti.xcom_pull(task_ids=name, key=SAID)})
    assert alert is not None
    print(f"{run} {TELL}: mail: {alert.subject}")


def saying(context: runs.Context, work: Callable[[], None]) -> None:
    """Do the work of a task that leaves no row in the ledger; what it fails with is kept for the task that tells."""
    from ml.ledger.steps import failure

    try:
        work()
    except Exception as error:
        context["ti"].xcom_push(key=SAID, value=failure(error))
        raise


def states(context: runs.Context) -> dict[str, str]:
    """How each task of this run has ended, the first one first."""
    ti = context["ti"]
    ended = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id])[ti.run_id]
    return {name: str(ended[name]) for name in context["dag"].task_ids if name in ended}


def day_of(context: runs.Context, pipeline: PipelineConfig, line: str, place: Workspace) -> date:
    """The data day of a run that failed, perhaps before it knew it: the decision's, the named one, else the newest.

    A line that has no day of its own, such as a rollback, belongs to the newest night.
    """
    ti, schedule = context["ti"], pipeline.schedule
    if line == "score":
        return runs.scored(context, pipeline, place)
    if line not in ("nightly", "retrain"):
        return runs.newest(context, pipeline, place)
    if line == "retrain" and ti.xcom_pull(task_ids="request"):
        return runs.of_decision(context)
    try:
        named = runs.named_day(context)
    except ConfigError:
        named = None
    return named or newest_day(schedule.at, schedule.timezone, context["dag_run"].run_after)
