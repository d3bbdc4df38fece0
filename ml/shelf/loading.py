"""A version comes into memory from its copy, and is asked its golden requests."""

import logging
from datetime import datetime

from ml import compiled, golden, model_file
from ml.compiled import Predictor
from ml.errors import TrainingError
from ml.features import definitions
from ml.golden import Example
from ml.shelf.copies import Copy
from ml.shelf.served import Served

log = logging.getLogger(__name__)


def opened(copy: Copy, pipeline: str, since: datetime) -> Served:
    """The version of a copy: from the arrays that were kept of it, or else from its estimator.

    Raises
    ------
    TrainingError
        It is no skops file or a damaged one, a type in it is not trusted, or a module that it needs is gone.
    """
    name, examples = f"{pipeline} version {copy.version}", golden.examples(copy.folder)
    found = _kept(copy, name, examples) or _compiled(copy, name, examples)
    return Served(
        pipeline=pipeline,
        version=copy.version,
        run_id=copy.run_id,
        since=since,
        predictor=found,
        inputs=tuple(found.kinds.items()),
        examples=examples,
        task=found.task,
        past=definitions.read(copy.folder),
    )


def _kept(copy: Copy, name: str, examples: tuple[Example, ...]) -> Predictor | None:
    """The compiled model that was kept beside the copy, unless it answers otherwise today."""
    try:
        found = compiled.read(copy.compiled)
        said = None if found is None else _objection(found, examples)
    except Exception as error:  # an owner's function is foreign code, and the estimator is still there
        said = f"{type(error).__name__}: {error}"
    if said is None:
        return found
    log.warning("%s is compiled anew from its estimator: %s", name, said)
    return None


def _compiled(copy: Copy, name: str, examples: tuple[Example, ...]) -> Predictor:
    estimator, inputs = model_file.load(copy.folder, name), model_file.inputs(copy.folder)
    rows = [golden.typed(inputs, example.row) for example in examples]
    return compiled.predictor(estimator, golden.task(estimator), inputs, rows)


def check(served: Served) -> None:
    """Ask a version its golden requests; one that was saved without them is not asked.

    Raises
    ------
    TrainingError
        An answer is not the recorded one, or there is none.
    """
    if said := _objection(served.predictor, served.examples):
        raise TrainingError(f"{served.pipeline} version {served.version} is refused: {said}")


def _objection(predictor: Predictor, examples: tuple[Example, ...]) -> str | None:
    if not examples:
        return None
    inputs = tuple(predictor.kinds.items())
    answers = predictor.answers([golden.typed(inputs, example.row) for example in examples]).tolist()
    return golden.objection(answers, examples)
