"""Doing a training again, from what it left of itself."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ml.config import find_pipeline
from ml.errors import ConfigError, DataError
from ml.reproduction import differences
from ml.reproduction.origin import Origin, Original, find
from ml.reproduction.rebuild import Answer, Interpreter, Request, ask
from ml.reproduction.report import Rebuilt, Reproduction

if TYPE_CHECKING:
    from ml.workspace import Workspace


def reproduce(place: Workspace, which: str) -> Reproduction:
    """The training that ``which`` names, done again with the code and the libraries of this installation.

    Raises
    ------
    NoData
        There is no such training, or too little of it is left.
    DataError
        The snapshot is gone, or its sha256 is not the one that was noted.
    """
    origin = find(place, which)
    return redo(place, origin, Interpreter.here(), "with the code and libraries of this installation")


def redo(
    place: Workspace, origin: Origin, interpreter: Interpreter, where: str, notes: tuple[str, ...] = ()
) -> Reproduction:
    """Both models fitted again by ``interpreter``, and compared with what was saved."""
    verify(place, origin)
    models = tuple(_rebuilt(place, origin, model, interpreter) for model in origin.models)
    return Reproduction(
        run_id=origin.run_id,
        pipeline=origin.pipeline,
        version=origin.version,
        snapshot=origin.snapshot,
        place=where,
        models=models,
        yaml=_yaml(place, origin),
        notes=notes,
    )


def verify(place: Workspace, origin: Origin) -> None:
    """Nothing, if the snapshot is there and its bytes are those that the training saw.

    Raises
    ------
    DataError
        It is not.
    """
    snapshot = origin.snapshot
    if not place.lake.path(snapshot.uri).is_file():
        removal = place.ledger.removal(snapshot.uri)
        how = (
            f"was removed by retention on {removal.at:%Y-%m-%d} ({removal.why})"
            if removal
            else f"is not in the lake {place.lake.root}; restore it from a backup"
        )
        raise DataError(f"run {origin.run_id} cannot be done again: its snapshot {snapshot.uri} {how}")
    path = place.lake.verify(snapshot.uri)
    if not snapshot.fingerprint.startswith(path.stem):
        raise DataError(f"{snapshot.uri} is not the snapshot that was recorded: its sha256 was {snapshot.fingerprint}")


def _rebuilt(place: Workspace, origin: Origin, model: Original, interpreter: Interpreter) -> Rebuilt:
    answer = _answer(place, origin, model, interpreter)
    return Rebuilt.of(model, answer, differences.between(model.conditions, answer.conditions))


def _answer(place: Workspace, origin: Origin, model: Original, interpreter: Interpreter) -> Answer:
    with TemporaryDirectory() as folder:
        original = place.registry.fetch_model(model.uri, Path(folder)) if model.uri else None
        request = Request(
            name=model.name,
            snapshot=origin.snapshot,
            configuration=model.conditions.configuration,
            lake=str(place.lake.root.resolve()),
            original=str(original) if original else None,
        )
        return ask(request, model.conditions, interpreter)


def _yaml(place: Workspace, origin: Origin) -> tuple[differences.Difference, ...]:
    """What the pipeline's YAML says otherwise today; nothing when there is none that can be read."""
    try:
        today = find_pipeline(place.pipelines, origin.pipeline)
    except ConfigError:
        return ()
    read = today.model_dump(mode="json", exclude_unset=True)
    return differences.of_yaml(origin.models[-1].conditions.configuration, read)
