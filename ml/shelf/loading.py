"""A version comes into memory: fetched from the registry, opened with trusted types only."""

from datetime import datetime
from pathlib import Path

from ml import golden, model_file
from ml.registry import Registry
from ml.shelf.served import Served


def opened(folder: Path, pipeline: str, version: int, run_id: str, since: datetime) -> Served:
    """The version whose model folder, as MLflow writes it, is ``folder``.

    Raises
    ------
    TrainingError
        It is no skops file or a damaged one, a type in it is not trusted, or a module that it needs is gone.
    """
    estimator = model_file.load(folder, f"{pipeline} version {version}")
    return Served(
        pipeline=pipeline,
        version=version,
        run_id=run_id,
        since=since,
        estimator=estimator,
        inputs=model_file.inputs(folder),
        examples=golden.examples(folder),
        task=golden.task(estimator),
    )


def fetched(registry: Registry, pipeline: str, alias: str, folder: Path, since: datetime) -> Served | None:
    """The version that an alias points to, its files below ``folder``; None when it points to none.

    Raises
    ------
    ServiceUnavailable
        MLflow did not answer.
    TrainingError
        There is no such model, or it does not open.
    """
    number = registry.aliases(pipeline).get(alias)
    found = registry.version(pipeline, number) if number is not None else None
    if found is None:
        return None
    place = registry.fetch_model(found.model_uri, folder)
    return opened(place, pipeline, found.version, found.run_id, since)
