"""Buttons on the Details tab of a task, to pages beyond Airflow."""

from typing import Any, get_args, get_type_hints

from airflow.sdk import BaseOperatorLink

from ml.steps import Step


class MlflowRun(BaseOperatorLink):
    """To the MLflow run that a task made or judged.

    Airflow asks for the address in the task's own process when the task is over, and keeps it: so the task leaves it
    here in ``url``.
    """

    name = "MLflow run"
    xcom_key = "mlflow_run"

    def __init__(self) -> None:
        self.url: str | None = None

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        return self.url or ""


def of(step: Step) -> tuple[MlflowRun, ...]:
    """The buttons of a step's task: those whose record names an MLflow run have one."""
    gives = get_type_hints(step)["return"]
    kinds = get_args(gives) or (gives,)
    return (MlflowRun(),) if any("run_id" in getattr(kind, "model_fields", {}) for kind in kinds) else ()
