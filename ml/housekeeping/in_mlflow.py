"""What may go from MLflow: models that were only judged, archived versions, half-saved models, pages, strays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from ml.fitting import JUDGED
from ml.housekeeping.needed import ARCHIVED
from ml.housekeeping.removable import CHALLENGER, HALF_SAVED, RUN_PAGE, STRAY, VERSION, Removable
from ml.retention import SHORTEST

if TYPE_CHECKING:
    from ml.config import PipelineConfig
    from ml.housekeeping.needed import Staying
    from ml.registry import SavedModel
    from ml.workspace import Workspace


def removable(place: Workspace, pipeline: PipelineConfig, staying: Staying, now: datetime) -> Iterator[Removable]:
    """The versions, models, pages and strays of a pipeline that may go at ``now``; versions before their models."""
    yield from _versions(place, pipeline, staying, now)
    yield from _models(place, pipeline, staying, now)
    yield from _pages(place, pipeline, now)
    yield from _strays(place, pipeline, staying, now)


def _versions(place: Workspace, pipeline: PipelineConfig, staying: Staying, now: datetime) -> Iterator[Removable]:
    limit = pipeline.retention.versions
    for version in place.registry.known_versions(pipeline.name):
        if version.version not in staying.versions and _old(version.at, limit, now):
            stood = "archived" if version.stage == ARCHIVED else f"never promoted, in {version.stage} since"
            why = f"{stood} {_ago(version.at, limit, now)}"
            what = f"{pipeline.name} version {version.version}"
            yield Removable(kind=VERSION, what=what, bytes=0, since=version.at, why=why)


def _models(place: Workspace, pipeline: PipelineConfig, staying: Staying, now: datetime) -> Iterator[Removable]:
    going = {m.what for m in _versions(place, pipeline, staying, now)}
    goes = {
        version.model_id
        for version in place.registry.known_versions(pipeline.name)
        if f"{pipeline.name} version {version.version}" in going
    }
    for model in place.registry.saved_models(pipeline.name):
        if model.id in staying.referred - goes or model.run_id in staying.runs:
            continue
        found = _model(pipeline, model, now)
        if found is not None:
            freed = place.registry.model_bytes(model.id)
            yield found.model_copy(update={"bytes": freed})


def _model(pipeline: PipelineConfig, model: SavedModel, now: datetime) -> Removable | None:
    """A model that no version that stays refers to, if it is old enough for what it is."""
    keep = pipeline.retention
    kind, limit, what = (
        (HALF_SAVED, SHORTEST, "begun and never wholly saved,")
        if not model.ready
        else (CHALLENGER, keep.challengers, "fitted to be judged")
        if model.name == JUDGED
        else (VERSION, keep.versions, "without a version that stays; fitted")
    )
    if not _old(model.at, limit, now):
        return None
    why = f"{model.name}: {what} {_ago(model.at, limit, now)}"
    return Removable(kind=kind, what=f"models:/{model.id}", bytes=0, since=model.at, why=why)


def _pages(place: Workspace, pipeline: PipelineConfig, now: datetime) -> Iterator[Removable]:
    limit = pipeline.retention.pages
    for run in place.registry.runs(pipeline.name):
        if _old(run.at, limit, now):
            for path, size in place.registry.pages(run.id):
                why = f"drawn {_ago(run.at, limit, now)}"
                yield Removable(kind=RUN_PAGE, what=f"runs:/{run.id}/{path}", bytes=size, since=run.at, why=why)


def strays(place: Workspace, pipeline: PipelineConfig, staying: Staying) -> Iterator[tuple[str, int]]:
    """Folders of MLflow that belong to no run and no model that is there; never one that a version refers to."""
    for path, size in place.registry.strays(pipeline.name):
        if path.rpartition("/")[2] not in staying.referred | staying.runs:
            yield path, size


def stray(pipeline: PipelineConfig, path: str) -> str:
    """What a stray folder is called in the ledger."""
    return f"mlflow:{pipeline.name}/{path}"


def _strays(place: Workspace, pipeline: PipelineConfig, staying: Staying, now: datetime) -> Iterator[Removable]:
    """Those that were noticed long enough ago: MLflow does not say when something was deleted."""
    noticed = {row.what: row.at for row in place.ledger.removals(pipeline.name, "noticed")}
    limit = pipeline.retention.deleted
    for path, size in strays(place, pipeline, staying):
        at = noticed.get(stray(pipeline, path))
        if at is not None and _old(at, limit, now):
            why = f"its run or model is deleted or unknown; noticed {_ago(at, limit, now)}"
            yield Removable(kind=STRAY, what=stray(pipeline, path), bytes=size, since=at, why=why)


def _old(at: datetime, limit: int | None, now: datetime) -> bool:
    return limit is not None and (now - at).days >= limit


def _ago(at: datetime, limit: int | None, now: datetime) -> str:
    return f"{at:%Y-%m-%d}, {(now - at).days} days ago; {limit} are kept"
