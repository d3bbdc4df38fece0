"""Where a model came from: the training behind a run's id or a version, and the model files that are still there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml.errors import NoData
from ml.registry.connection import Connection

if TYPE_CHECKING:
    from mlflow import MlflowClient


@dataclass(frozen=True)
class Training:
    """A run as MLflow knows it. ``models`` are the addresses of its ready models by name, without deleted ones."""

    run_id: str
    status: str
    deleted: bool
    params: Mapping[str, str]
    tags: Mapping[str, str]
    models: Mapping[str, str]


class Origins(Connection):
    """Trainings, asked for by id or by version."""

    def training(self, run_id: str) -> Training:
        """The training with this id.

        Raises
        ------
        NoData
            There is none.
        """
        from mlflow.exceptions import MlflowException

        with self._asking() as client:
            try:
                run = client.get_run(run_id)
            except MlflowException as error:
                if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                    raise
                raise NoData(f"there is no run {run_id!r} in MLflow at {self.address}") from error
            deleted = run.info.lifecycle_stage == "deleted"
            models = _ready(client, run)
            return Training(run_id, run.info.status, deleted, dict(run.data.params), dict(run.data.tags), models)

    def run_of(self, pipeline: str, which: str) -> tuple[int, str]:
        """A version by its number or by an alias such as ``production``, and the id of the run that made it.

        Raises
        ------
        NoData
            There is no such version.
        """
        from mlflow.exceptions import MlflowException

        with self._asking() as client:
            try:
                found = (
                    client.get_model_version(pipeline, which)
                    if which.isdecimal()
                    else client.get_model_version_by_alias(pipeline, which)
                )
            except MlflowException as error:
                if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                    raise
                raise NoData(f"there is no version {which!r} of {pipeline} in MLflow at {self.address}") from error
            return int(found.version), str(found.run_id or "")


def _ready(client: "MlflowClient", run: Any) -> dict[str, str]:
    found = client.search_logged_models([run.info.experiment_id], f"source_run_id = '{run.info.run_id}'")
    ready = sorted((m for m in found if m.status == "READY"), key=lambda m: m.creation_timestamp, reverse=True)
    return {model.name: f"models:/{model.model_id}" for model in ready}
