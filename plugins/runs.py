"""Which run a task belongs to: its data day, who asked for it, and Airflow's own address of it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from ml.config import PipelineConfig
from ml.days import Span, newest_day, parse_day
from ml.errors import ConfigError, NoData
from ml.records import Decision
from ml.workspace import Run, Workspace

Context = Mapping[str, Any]
DayOf = Callable[[Context, PipelineConfig, Workspace], date]


def bind(pipeline: PipelineConfig, context: Context, day_of: DayOf) -> Run:
    """The run that the task with this context walks."""
    workspace = Workspace.from_env()
    return Run(pipeline, day_of(context, pipeline, workspace), workspace, external(context))


def night(context: Context, pipeline: PipelineConfig, workspace: Workspace) -> date:
    """The data day of a nightly run: its partition key or the form's, else the newest day when it was triggered.

    Never today and never the logical date: a task that is cleared a month later works on the same day again.
    """
    schedule = pipeline.schedule
    return named_day(context) or newest_day(schedule.at, schedule.timezone, context["dag_run"].run_after)


def scored(context: Context, pipeline: PipelineConfig, workspace: Workspace) -> date:
    """The data day of a run that scores the day after it: its key or the form's, else the newest that can be scored."""
    schedule = pipeline.schedule
    at = pipeline.score.starts(schedule.at) if pipeline.score else schedule.at
    return named_day(context) or newest_day(at, schedule.timezone, context["dag_run"].run_after)


def asked(context: Context, pipeline: PipelineConfig, workspace: Workspace) -> date:
    """The data day of a retrain by hand: its partition key or the form's, else the newest accepted day.

    Raises
    ------
    NoData
        No day is named, and none was accepted yet.
    """
    return named_day(context) or _newest_accepted(context, pipeline, workspace)


def decided(context: Context, pipeline: PipelineConfig, workspace: Workspace) -> date:
    """The data day of a retrain after its first task: the one of the decision, so that all tasks share it."""
    return of_decision(context)


def newest(context: Context, pipeline: PipelineConfig, workspace: Workspace) -> date:
    """The data day of the newest night: what a person does to Production belongs to it."""
    from ml import past

    return past.newest_run(workspace, pipeline.name).day


def of_decision(context: Context) -> date:
    """The data day of the decision that a retrain follows."""
    return Decision.model_validate(_plain(context["ti"].xcom_pull(task_ids="request"))).day


def named_day(context: Context) -> date | None:
    """The day that the partition key or the form names.

    Raises
    ------
    ConfigError
        It is not a day, or key and form name different ones.
    """
    key, form = context["dag_run"].partition_key, context["params"].get("data_day")
    if key and form and key != form:
        raise ConfigError(f"the partition key says {key} and the form says {form}; give one data day")
    return parse_day(key or form) if key or form else None


def event_decision(context: Context) -> Decision | None:
    """The decision that triggered this retrain, the newest if there are more; None in a run by hand."""
    events = [event for group in context["triggering_asset_events"].values() for event in group]
    decisions = [e.extra["decision"] for e in sorted(events, key=lambda e: e.timestamp) if "decision" in e.extra]
    return Decision.model_validate(_plain(decisions[-1])) if decisions else None


def external(context: Context) -> dict[str, str]:
    """Airflow's ids of the task and the address of its page, for ledger, MLflow and mail."""
    ti = context["ti"]
    return {
        "dag_id": ti.dag_id,
        "run_id": ti.run_id,
        "task_id": ti.task_id,
        "try": str(ti.try_number),
        "url": ti.log_url,
    }


def asker(context: Context) -> str:
    """Who triggered the run, as Airflow knows them."""
    return context["dag_run"].triggering_user_name or "somebody through Airflow"


def _newest_accepted(context: Context, pipeline: PipelineConfig, workspace: Workspace) -> date:
    until_then = Span(date.min, context["dag_run"].run_after.date())
    batches = workspace.ledger.batches(pipeline.name, until_then, state="accepted")
    if not batches:
        raise NoData(f"{pipeline.name}: no day was accepted yet; let a night run first, or name a data day")
    return max(batch.day for batch in batches)


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in value.items() if name != "record"}
