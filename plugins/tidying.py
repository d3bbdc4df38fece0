"""The DAG ``nightshift_housekeeping``: every morning, what retention does not keep is removed; a task per pipeline."""

from collections.abc import Iterable
from datetime import UTC, datetime

from airflow.sdk import DAG, CronTriggerTimetable, get_current_context

from plugins import failures
from plugins.tasks import as_task

DAG_ID, LINE = "nightshift_housekeeping", "housekeeping"
_START = datetime(2000, 1, 1, tzinfo=UTC)
_TEXT = """What each pipeline's section `retention` does not keep is removed: models that were only judged, old pages,
replaced rows, and what lies in MLflow without an owner. Never what Production, previous or an approval refers to.
Each removal stands in the ledger. `nightshift housekeeping --dry-run` shows beforehand what would go. What fails is
mailed to the owner of its pipeline."""


def drawn(pipelines: Iterable[str]) -> DAG:
    """The DAG with a task for each pipeline, by its name."""
    dag = DAG(
        dag_id=DAG_ID,
        description="Removes what retention does not keep.",
        schedule=CronTriggerTimetable("0 5 * * *", timezone="UTC"),
        start_date=_START,
        catchup=False,
        max_active_runs=1,
        # nothing of it can be lost that an owner did not let go in the YAML, and a full disk stops the nights
        is_paused_upon_creation=False,
        default_args={"owner": "nightshift"},
        tags=["nightshift"],
        doc_md=_TEXT,
    )
    with dag:
        for name in pipelines:
            _task(name)
        failures.draw(dag, lambda: failures.tell_each(get_current_context(), LINE))
    return dag


def _task(name: str) -> None:
    def tidy() -> None:
        failures.saying(get_current_context(), lambda: tidied(name))

    as_task(name, f"Remove what the retention of {name} does not keep.", tidy)()


def tidied(name: str) -> None:
    """Tidy a pipeline inside a running task, and print what went."""
    from ml.housekeeping import tidy
    from ml.workspace import Workspace

    print("\n".join(tidy(Workspace.from_env(), name, by=DAG_ID).lines()))
