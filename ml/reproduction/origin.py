"""What a training left of itself: its snapshot, and for each of its models the conditions and the digests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ml import conditions, fitting
from ml.conditions import Conditions
from ml.errors import ConfigError, NoData
from ml.records import Snapshot

if TYPE_CHECKING:
    from ml.registry import Training
    from ml.workspace import Workspace


@dataclass(frozen=True)
class Original:
    """One model of a training as it was saved. ``uri`` is None when its files are gone; the digests stay."""

    name: str
    model_sha256: str
    probe_sha256: str
    conditions: Conditions
    uri: str | None


@dataclass(frozen=True)
class Origin:
    """A training that can be done again."""

    run_id: str
    pipeline: str
    version: int | None
    snapshot: Snapshot
    models: tuple[Original, ...]


def find(place: Workspace, which: str) -> Origin:
    """The training with an MLflow run id, or behind ``PIPELINE@VERSION``; an alias such as ``production`` will do.

    Raises
    ------
    NoData
        There is no such run or version, it is not a training of ours, it failed before it saved a model, or it noted
        too little.
    DataError
        What it noted in the lake is gone or damaged.
    """
    version, training = _asked(place, which)
    tags = training.tags
    if "nightshift.snapshot" not in tags:
        raise NoData(f"run {training.run_id} is not a training of Nightshift: it names no snapshot in its tags")
    models = tuple(_original(place, training, name) for name in fitting.FITS if _digest(name) in tags)
    if not models:
        raise NoData(
            f"run {training.run_id} saved no model (its status is {training.status}); there is nothing to compare with"
        )
    snapshot = Snapshot.model_validate_json(tags["nightshift.snapshot"])
    return Origin(training.run_id, snapshot.pipeline, version, snapshot, models)


def _asked(place: Workspace, which: str) -> tuple[int | None, Training]:
    pipeline, at, name = which.partition("@")
    if not which or (at and not (pipeline and name)):
        raise ConfigError(f"{which!r} names no training; give an MLflow run id, or PIPELINE@VERSION, or PIPELINE@ALIAS")
    version, run_id = place.registry.run_of(pipeline, name) if at else (None, which)
    if not run_id:
        raise NoData(f"version {version} of {pipeline} names no run; it was not registered by Nightshift")
    return version, place.registry.training(run_id)


def _original(place: Workspace, training: Training, name: str) -> Original:
    uri = training.tags.get(f"nightshift.conditions.{name}")
    if not uri:
        raise NoData(
            f"run {training.run_id} did not note under which conditions its model {name!r} was fitted; "
            "it is older than the notes"
        )
    return Original(
        name=name,
        model_sha256=training.tags[_digest(name)],
        probe_sha256=training.tags[f"nightshift.probe_sha256.{name}"],
        conditions=conditions.read(place.lake, uri),
        uri=training.models.get(name),
    )


def _digest(name: str) -> str:
    return f"nightshift.model_sha256.{name}"
