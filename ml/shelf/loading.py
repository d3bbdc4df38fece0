"""A version comes into memory from its files, opened with trusted types only, and is asked its golden requests."""

from datetime import datetime
from pathlib import Path

from ml import golden, model_file, training
from ml.errors import TrainingError
from ml.features import definitions
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
        past=definitions.read(folder),
    )


def check(served: Served) -> None:
    """Ask a version its golden requests; one that was saved without them is not asked.

    Raises
    ------
    TrainingError
        An answer is not the recorded one, or there is none.
    """
    if not served.examples:
        return
    rows = golden.frame(served.inputs, [example.row for example in served.examples])
    answers = training.predict(served.task, served.estimator, rows).tolist()
    if said := golden.objection(answers, served.examples):
        raise TrainingError(f"{served.pipeline} version {served.version} is refused: {said}")
