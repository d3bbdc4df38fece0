"""A pipeline's DAGs: each line drawn once, with what only Airflow needs around it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from airflow.sdk import DAG, Asset, AssetWatcher, PartitionedAssetTimetable, get_current_context
from airflow.sdk.exceptions import AirflowSkipException

from ml import lines, steps
from ml.config import PipelineConfig, load_pipeline
from ml.config.pipeline import cron
from ml.errors import ConfigError
from plugins import approval, failures, forms, runs, texts, tryout
from plugins.nights import NightTimetable
from plugins.tasks import AsTasks, as_task
from plugins.watch import RegistryTrigger

# Far enough back for a backfill of any history; with catchup off it starts nothing by itself.
_START = datetime(2000, 1, 1, tzinfo=UTC)

# A run that waits for a person or for traffic is an active one, and must not keep the next night's challenger from
# being trained.
_WAITING_RUNS = 16


def nightly(pipeline: PipelineConfig) -> DAG:
    """The DAG ``<pipeline>_nightly``: one run per data day, and at its end perhaps a request to retrain."""
    schedule = pipeline.schedule
    dag = _dag(
        pipeline,
        "nightly",
        schedule=NightTimetable(schedule.cron, timezone=schedule.timezone),
        params=forms.nightly(pipeline),
        doc_md=texts.nightly(pipeline),
    )
    with dag:
        decision = lines.nightly(AsTasks(pipeline, runs.night))
        _request_retrain(pipeline, decision)
        failures.watch(pipeline, "nightly", dag)
    return dag


def retrain(pipeline: PipelineConfig) -> DAG:
    """The DAG ``<pipeline>_retrain``: runs when a night asks for it, or a person does."""
    dag = _dag(
        pipeline,
        "retrain",
        schedule=PartitionedAssetTimetable(assets=retrain_requested(pipeline)),
        params=forms.retrain(pipeline),
        doc_md=texts.retrain(pipeline),
        max_active_runs=_WAITING_RUNS if pipeline.approval.wait or pipeline.serving.candidate.days else 1,
    )
    with dag:
        do = AsTasks(pipeline, runs.decided, {steps.approve: approval.draw, steps.try_out: tryout.draw})
        lines.retrain(do, _request(pipeline))
        failures.watch(pipeline, "retrain", dag)
    return dag


def rollback(pipeline: PipelineConfig) -> DAG:
    """The DAG ``<pipeline>_rollback``: a form that puts an earlier version back into Production, in seconds."""
    dag = _dag(
        pipeline,
        "rollback",
        schedule=None,
        params=forms.rollback(pipeline),
        doc_md=texts.rollback(pipeline),
        is_paused_upon_creation=False,
    )
    with dag:
        lines.rollback(AsTasks(pipeline, runs.newest), _rollback_request(pipeline))
        failures.watch(pipeline, "rollback", dag)
    return dag


def reconcile(pipeline: PipelineConfig) -> DAG:
    """The DAG ``<pipeline>_reconcile``: runs when somebody changed a stage or an alias in MLflow."""
    dag = _dag(
        pipeline,
        "reconcile",
        schedule=[changed_outside(pipeline)],
        doc_md=texts.reconcile(pipeline),
        is_paused_upon_creation=False,
    )
    with dag:
        lines.reconcile(AsTasks(pipeline, runs.newest))
        failures.watch(pipeline, "reconcile", dag)
    return dag


def score(pipeline: PipelineConfig) -> DAG | None:
    """The DAG ``<pipeline>_score``: every morning the coming day's rows; None where the YAML has no ``score``.

    Whether it starts paused is the installation's to say: not where a first night has been, as versions serve there.
    """
    if pipeline.score is None:
        return None
    schedule = pipeline.schedule
    dag = _dag(
        pipeline,
        "score",
        schedule=NightTimetable(cron(pipeline.score.starts(schedule.at)), timezone=schedule.timezone),
        params=forms.nightly(pipeline),
        doc_md=texts.score(pipeline),
        is_paused_upon_creation=None,
    )
    with dag:
        lines.score(AsTasks(pipeline, runs.scored))
        failures.watch(pipeline, "score", dag)
    return dag


LINES: dict[str, Callable[[PipelineConfig], DAG | None]] = {
    "nightly": nightly,
    "retrain": retrain,
    "score": score,
    "rollback": rollback,
    "reconcile": reconcile,
}


def changed_outside(pipeline: PipelineConfig) -> Asset:
    """The asset whose events say that MLflow shows something else than the ledger; the triggerer looks."""
    watcher = AssetWatcher(name=f"{pipeline.name} registry", trigger=RegistryTrigger(pipeline.name))
    uri = f"x-nightshift://{pipeline.name}/changed-outside"
    return Asset(name=f"{pipeline.name} changed outside", uri=uri, watchers=[watcher])


def retrain_requested(pipeline: PipelineConfig) -> Asset:
    """The asset whose events ask for a retrain: the partition key is the data day, ``extra`` holds the decision."""
    return Asset(name=f"{pipeline.name} retrain requested", uri=f"x-nightshift://{pipeline.name}/retrain-requested")


def wanted(folder: Path, dag_id: str | None) -> Iterator[DAG]:
    """The DAGs of all readable pipelines in ``folder``, or only the one that is asked for."""
    for pipeline in _readable(_files(folder, dag_id)):
        for line, draw in LINES.items():
            if dag_id in (None, f"{pipeline.name}_{line}") and (dag := draw(pipeline)) is not None:
                yield dag


def _dag(pipeline: PipelineConfig, line: str, **more: Any) -> DAG:
    usual: dict[str, Any] = {"max_active_runs": 1, "is_paused_upon_creation": True}
    return DAG(
        dag_id=f"{pipeline.name}_{line}",
        description=pipeline.description or None,
        start_date=_START,
        catchup=False,
        default_args={"owner": "nightshift"},
        tags=["nightshift", pipeline.name],
        **usual | more,
    )


def _request_retrain(pipeline: PipelineConfig, decision: Any) -> None:
    asset = retrain_requested(pipeline)

    def request_retrain(decided: dict[str, Any] | None) -> None:
        emit(decided, get_current_context(), asset)

    text = "Ask for a retrain of this data day, if the night decided so; its reasons travel with the request."
    as_task("request_retrain", text, request_retrain, outlets=(asset,))(decision)


def emit(decided: dict[str, Any] | None, context: runs.Context, asset: Asset) -> None:
    """Leave the decision as one event of the asset, keyed by its data day.

    Raises
    ------
    AirflowSkipException
        The night decided against a retrain; a skipped task leaves no event.
    """
    from ml.records import Decision, from_json
    from ml.summary import sentence

    decision = from_json(decided) if decided else None
    if not isinstance(decision, Decision) or not decision.retrain:
        raise AirflowSkipException(sentence(decision))
    event = context["outlet_events"][asset]
    event.extra = {"reasons": [r.sentence for r in decision.reasons], "decision": decided}
    # Without a key, as in a run by hand, a partitioned listener is never started; Airflow does not say so.
    event.add_partitions([str(decision.day)])


def _request(pipeline: PipelineConfig) -> Any:
    def request() -> Any:
        return asked(pipeline, get_current_context())

    text = "Take the decision of the night that asked for this retrain; in a run by hand, write down who asked and why."
    return as_task("request", text, request)()


def asked(pipeline: PipelineConfig, context: runs.Context) -> dict[str, object]:
    """The decision to follow, as JSON: that of the asset event, or a new one from the form."""
    from ml.records import to_json
    from ml.walker import perform

    if decision := runs.event_decision(context):
        return to_json(decision)
    run, form = runs.bind(pipeline, context, runs.asked), context["params"]
    values = (form["window"], form["reason"], form["dry_run"], runs.asker(context))
    return to_json(perform(run, steps.request, *values))


def _rollback_request(pipeline: PipelineConfig) -> Any:
    def request() -> Any:
        return rollback_asked(pipeline, get_current_context())

    return as_task("request", "Write down which version is wanted back, by whom and why.", request)()


def rollback_asked(pipeline: PipelineConfig, context: runs.Context) -> dict[str, object]:
    """What the form of the rollback DAG asks for, as JSON."""
    from ml.records import RollbackRequest, to_json

    run, form = runs.bind(pipeline, context, runs.newest), context["params"]
    asked = RollbackRequest(
        pipeline=run.name,
        day=run.day,
        to=form["version"],
        why=form["reason"],
        by=runs.asker(context),
        force=form["force"],
    )
    return to_json(asked)


def _files(folder: Path, dag_id: str | None) -> list[Path]:
    name = dag_id.rpartition("_")[0] if dag_id else "[!.]*"
    return sorted(folder.glob(f"{name}.yaml"))


def _readable(files: list[Path]) -> Iterator[PipelineConfig]:
    for path in files:
        try:
            yield load_pipeline(path)
        except ConfigError:
            continue  # dags/unreadable.py says what is wrong with it
