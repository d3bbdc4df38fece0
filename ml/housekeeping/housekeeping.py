"""Removing what retention does not keep, so that it may be killed anywhere and done again."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ml.config import find_pipeline
from ml.housekeeping import in_lake, in_ledger, in_mlflow, needed
from ml.housekeeping.needed import Staying
from ml.housekeeping.removable import PAGE, PREDICTIONS, ROWS, RUN_PAGE, SNAPSHOT, STRAY, VERSION, Removable
from ml.housekeeping.report import Housekeeping
from ml.records import Removal

if TYPE_CHECKING:
    from ml.config import PipelineConfig
    from ml.workspace import Workspace

NOTICED = "noticed"


def tidy(place: Workspace, name: str, by: str, dry_run: bool = False, now: datetime | None = None) -> Housekeeping:
    """Remove what the retention of a pipeline does not keep; with ``dry_run`` only say what would go.

    While it lasts nothing is promoted. Each removal is noted in the ledger before it is done.

    Raises
    ------
    ConfigError
        There is no such pipeline.
    ServiceUnavailable
        A promotion lasts, or MLflow or the ledger did not answer.
    """
    pipeline, now = find_pipeline(place.pipelines, name), now or datetime.now(UTC)
    with nullcontext() if dry_run else place.ledger.lock(f"promote:{name}"):
        staying = needed.staying(place, name)
        found = _removable(place, pipeline, staying, now)
        gone = found if dry_run else [item for item in found if _remove(place, pipeline, item, by)]
        if not dry_run:
            _notice(place, pipeline, staying, by)
        return Housekeeping(
            pipeline=name, dry_run=dry_run, at=now, removed=tuple(gone), warnings=_warnings(place, name, staying)
        )


def _removable(place: Workspace, pipeline: PipelineConfig, staying: Staying, now: datetime) -> list[Removable]:
    days = needed.days(place, pipeline.name)
    return [
        *in_lake.removable(place, pipeline, staying, days, now),
        *in_mlflow.removable(place, pipeline, staying, now),
        *in_ledger.removable(place, pipeline, now),
    ]


def _remove(place: Workspace, pipeline: PipelineConfig, item: Removable, by: str) -> bool:
    """Note it, then remove it; False when it was written anew meanwhile and stays."""
    removal = Removal(pipeline=pipeline.name, by=by, at=datetime.now(UTC), **item.model_dump())
    place.ledger.record_removal(removal)
    registry, name = place.registry, item.what.rpartition("/")[2]
    if item.kind in (SNAPSHOT, ROWS, PAGE):
        return place.lake.remove(item.what, item.since)
    if item.kind == PREDICTIONS:
        in_ledger.remove(place, pipeline, item)
    elif item.kind == RUN_PAGE:
        run_id, _, path = item.what.removeprefix("runs:/").partition("/")
        registry.remove_page(run_id, path)
    elif item.kind == STRAY:
        registry.remove_stray(pipeline.name, item.what.removeprefix(in_mlflow.stray(pipeline, "")))
    elif item.kind == VERSION and not item.what.startswith("models:/"):
        registry.remove_version(pipeline.name, int(item.what.rpartition(" ")[2]))
    else:
        registry.remove_model(name)
    return True


def _notice(place: Workspace, pipeline: PipelineConfig, staying: Staying, by: str) -> None:
    """Note strays that were not seen before; from then on their time runs."""
    known = {row.what for row in place.ledger.removals(pipeline.name, NOTICED)}
    for path, size in in_mlflow.strays(place, pipeline, staying):
        what = in_mlflow.stray(pipeline, path)
        if what not in known:
            now, why = datetime.now(UTC), "its run or model is deleted or unknown"
            found = Removal(
                pipeline=pipeline.name, kind=NOTICED, what=what, bytes=size, since=now, why=why, by=by, at=now
            )
            place.ledger.record_removal(found)


def _warnings(place: Workspace, name: str, staying: Staying) -> tuple[str, ...]:
    """Versions that stay and whose model somebody deleted in MLflow: `mlflow gc` would take its files."""
    there = {model.id for model in place.registry.saved_models(name)}
    return tuple(
        f"{name} version {version.version} ({version.stage}) refers to model {version.model_id}, which is deleted in "
        "MLflow; its files are kept, but `mlflow gc` would remove them"
        for version in place.registry.known_versions(name)
        if version.version in staying.versions and version.model_id not in there
    )
