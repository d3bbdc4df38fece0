"""The last task of a DAG: when another one failed, its owner gets a mail."""

from datetime import date

from airflow.sdk import DAG, get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from ml.config import PipelineConfig
from ml.days import newest_day
from ml.errors import ConfigError
from ml.workspace import Run, Workspace
from plugins import runs, texts
from plugins.tasks import as_task

TELL = "tell_of_failure"


def watch(pipeline: PipelineConfig, line: str, dag: DAG) -> None:
    """Draw the task that tells of a failure behind all others of the DAG.

    A task and no callback: a callback dies with its process and loses the mail when the mail server is down. And a
    teardown, not a task with the rule ``one_failed``: Airflow colours a run by its last tasks, so that a mail well sent
    would turn a failed night green; a teardown has no say in that. It runs when all others have ended.
    """

    def tell_of_failure() -> None:
        tell(pipeline, line, get_current_context())

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

    run = Run(pipeline, day_of(context, pipeline, line), Workspace.from_env(), runs.external(context))
    alert = failures.tell(run, line, context["ti"].run_id, states(context))
    if alert is None:
        raise AirflowSkipException("no task of this run failed")
    print(f"{run} {TELL}: mail: {alert.subject}")


def states(context: runs.Context) -> dict[str, str]:
    """How each task of this run has ended, the first one first."""
    ti = context["ti"]
    ended = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id])[ti.run_id]
    return {name: str(ended[name]) for name in context["dag"].task_ids if name in ended}


def day_of(context: runs.Context, pipeline: PipelineConfig, line: str) -> date:
    """The data day of a run that failed, perhaps before it knew it: the decision's, the named one, else the newest."""
    ti, schedule = context["ti"], pipeline.schedule
    if line == "retrain" and ti.xcom_pull(task_ids="request"):
        return runs.of_decision(context)
    try:
        named = runs.named_day(context)
    except ConfigError:
        named = None
    return named or newest_day(schedule.at, schedule.timezone, context["dag_run"].run_after)
