"""What may be removed from MLflow: model files, versions, pages, and files that no run and no model owns any more.

``mlflow gc`` would do some of it, but it deletes the model behind Production as readily as any other. Here every call
names one thing; what may go is decided elsewhere. Metadata of runs and models (parameters, metrics, tags) stays.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ml.registry.connection import Connection
from ml.registry.versions import MODEL

if TYPE_CHECKING:
    from mlflow import MlflowClient

_PAGES = (".html", ".png")


@dataclass(frozen=True)
class SavedModel:
    """A model of a run, whole or half saved. ``ready`` says which; ``at`` is when it was begun."""

    id: str
    name: str
    run_id: str
    ready: bool
    at: datetime


@dataclass(frozen=True)
class KnownVersion:
    """A registered version: where it stands since when, and what it refers to."""

    version: int
    run_id: str
    model_id: str
    stage: str
    snapshot: str | None
    at: datetime


@dataclass(frozen=True)
class OldRun:
    """A run that is not deleted: when it was begun, and whether it has pages or pictures."""

    id: str
    at: datetime


class Garbage(Connection):
    """Looking at what lies in MLflow for a pipeline, and removing a part of it."""

    def saved_models(self, pipeline: str) -> list[SavedModel]:
        """All models of the pipeline's runs that are not deleted, oldest first."""
        with self._asking() as client:
            experiment = client.get_experiment_by_name(pipeline)
            if experiment is None:
                return []
            found = _pages_of(lambda token: _models(client, experiment.experiment_id, token))
            return sorted((_saved(model) for model in found), key=lambda model: model.at)

    def known_versions(self, pipeline: str) -> list[KnownVersion]:
        """All versions of the pipeline, oldest first."""
        with self._asking() as client:
            found = _pages_of(lambda t: client.search_model_versions(f"name = '{pipeline}'", page_token=t))
            return sorted((_known(version) for version in found), key=lambda version: version.version)

    def runs(self, pipeline: str) -> list[OldRun]:
        """All runs of the pipeline that are not deleted, oldest first."""
        with self._asking() as client:
            experiment = client.get_experiment_by_name(pipeline)
            if experiment is None:
                return []
            found = _pages_of(lambda token: client.search_runs([experiment.experiment_id], page_token=token))
            return sorted((OldRun(r.info.run_id, _moment(r.info.start_time)) for r in found), key=lambda run: run.at)

    def model_bytes(self, model_id: str) -> int:
        """How many bytes the files of a model have."""
        with self._asking() as client:
            return sum(size for _, size in _files(self._files_of(client.get_logged_model(model_id).artifact_location)))

    def pages(self, run_id: str) -> list[tuple[str, int]]:
        """The pages and pictures of a run, with their bytes."""
        with self._asking() as client:
            found = _files(self._files_of(client.get_run(run_id).info.artifact_uri))
            return [(path, size) for path, size in found if path.endswith(_PAGES)]

    def strays(self, pipeline: str) -> list[tuple[str, int]]:
        """Folders of the pipeline's files whose run or model is deleted or unknown, with their bytes; no empty ones."""
        with self._asking() as client:
            experiment = client.get_experiment_by_name(pipeline)
            if experiment is None:
                return []
            files = self._files_of(experiment.artifact_location)
            sizes = ((path, sum(size for _, size in _files(files, path))) for path in _folders(files))
            return [(path, size) for path, size in sizes if size and not _alive(client, path)]

    def remove_model(self, model_id: str) -> None:
        """Remove a model's files, then the model; killed in between it has no files, and can be removed again."""
        with self._asking() as client:
            files = self._files_of(client.get_logged_model(model_id).artifact_location)
            _delete(files)
            client.delete_logged_model(model_id)

    def remove_version(self, pipeline: str, version: int) -> None:
        """Remove a version; its model is then one that no version refers to."""
        with self._asking() as client:
            client.delete_model_version(pipeline, str(version))

    def remove_page(self, run_id: str, path: str) -> None:
        """Remove one file of a run."""
        with self._asking() as client:
            _delete(self._files_of(client.get_run(run_id).info.artifact_uri), path)

    def remove_stray(self, pipeline: str, path: str) -> None:
        """Remove one folder below the pipeline's files."""
        with self._asking() as client:
            if experiment := client.get_experiment_by_name(pipeline):
                _delete(self._files_of(experiment.artifact_location), path)

    def _files_of(self, place: str) -> Any:
        from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

        return get_artifact_repository(place, tracking_uri=self.uri)


def _pages_of(page: Any) -> Iterator[Any]:
    token = None
    while True:
        found = page(token)
        yield from found
        token = found.token
        if not token:
            return


def _models(client: "MlflowClient", experiment: str, token: str | None) -> Any:
    return client.search_logged_models([experiment], page_token=token)


def _saved(model: Any) -> SavedModel:
    at = _moment(model.creation_timestamp)
    return SavedModel(model.model_id, model.name, model.source_run_id or "", model.status == "READY", at)


def _known(version: Any) -> KnownVersion:
    return KnownVersion(
        version=int(version.version),
        run_id=str(version.run_id or ""),
        model_id=version.tags.get(MODEL, str(version.source)).rpartition("/")[2],
        stage=str(version.current_stage),
        snapshot=version.tags.get("nightshift.snapshot"),
        at=_moment(version.last_updated_timestamp or version.creation_timestamp),
    )


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _files(files: Any, folder: str | None = None) -> Iterator[tuple[str, int]]:
    for entry in files.list_artifacts(folder):
        if entry.is_dir:
            yield from _files(files, entry.path)
        else:
            yield entry.path, int(entry.file_size or 0)


def _folders(files: Any) -> Iterator[str]:
    """The folders of runs, and those of models one deeper."""
    for entry in files.list_artifacts():
        if entry.is_dir and entry.path == "models":
            yield from (inner.path for inner in files.list_artifacts("models") if inner.is_dir)
        elif entry.is_dir:
            yield entry.path


def _alive(client: "MlflowClient", path: str) -> bool:
    """Whether the run or the model that a folder is named after is there and not deleted."""
    from mlflow.exceptions import MlflowException

    name = path.rpartition("/")[2]
    try:
        if path.startswith("models/"):
            client.get_logged_model(name)
            return True
        return bool(client.get_run(name).info.lifecycle_stage == "active")
    except MlflowException as error:
        if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
            raise
        return False


def _delete(files: Any, path: str | None = None) -> None:
    """Delete files; that they are gone already is fine."""
    from requests.exceptions import HTTPError

    try:
        files.delete_artifacts(path)
    except HTTPError as error:
        if error.response is None or error.response.status_code != 404:
            raise
