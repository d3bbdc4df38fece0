"""A model that answers rows of plain values: compiled where that gives the same numbers, else as it is.

One row of flights takes scikit-learn milliseconds, nearly all of it for frames and for checks of what was checked
before (docs/serving.md has the figures). Compiled are pipelines of a ``ColumnTransformer`` and histogram-boosted
trees; a compiled model serves only if it gives what the estimator gives, to the last digit, on the golden requests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ml import training
from ml.compiled.encoding import Encoder, arrays, encoder, frame
from ml.compiled.forest import CannotCompile, Forest
from ml.metrics import Task

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Predictor:
    """What answers for one version. ``why`` says why it is not compiled; empty when it is.

    ``kinds`` are the inputs and their types, in order. ``estimator`` is None for one that was kept as arrays.
    """

    estimator: Any = field(repr=False)
    task: Task
    kinds: Mapping[str, str]
    encode: Encoder | None = field(default=None, repr=False)
    forest: Forest | None = field(default=None, repr=False)
    why: str = ""

    @property
    def compiled(self) -> bool:
        return self.forest is not None

    def answers(self, rows: Rows) -> Array:
        """One number a row: the probability of 1, or the predicted value.

        Raises
        ------
        TrainingError
            The estimator fails.
        """
        columns = arrays(self.kinds, rows)
        if self.forest is None or self.encode is None:
            return training.predict(self.task, self.estimator, frame(columns))
        return self.forest.answers(self.encode(columns))


def predictor(estimator: Any, task: Task, inputs: Sequence[tuple[str, str]], golden: Rows) -> Predictor:
    """The fastest predictor that gives what the estimator gives on the golden rows, bit for bit."""
    plain = Predictor(estimator, task, dict(inputs), why="it was not tried: the version has no golden requests")
    if not golden:
        return plain
    try:
        compiled = _compiled(plain)
        odd = _difference(plain, compiled, golden)
    except CannotCompile as reason:
        return _because(plain, str(reason))
    except Exception as error:  # it reaches into scikit-learn, where another version may have another shape
        return _because(plain, f"{type(error).__name__}: {error}")
    return compiled if odd is None else _because(plain, odd)


def _because(plain: Predictor, why: str) -> Predictor:
    return Predictor(plain.estimator, plain.task, plain.kinds, why=why)


def _compiled(plain: Predictor) -> Predictor:
    from sklearn.pipeline import Pipeline

    estimator = plain.estimator
    if not isinstance(estimator, Pipeline) or len(estimator.steps) != 2:
        raise CannotCompile(f"a {type(estimator).__name__} is no pipeline of two steps")
    columns, trees = (step for _, step in estimator.steps)
    if plain.task == "classification" and list(trees.classes_) != [0, 1]:
        raise CannotCompile(f"its classes are {list(trees.classes_)}, not 0 and 1")
    return Predictor(estimator, plain.task, plain.kinds, encoder(columns, plain.kinds), Forest.of(trees))


def _difference(plain: Predictor, compiled: Predictor, golden: Rows) -> str | None:
    """Where the two part, in a sentence: on the golden rows together, and on each alone."""
    import numpy

    wanted = plain.answers(golden)
    alone = numpy.concatenate([compiled.answers([row]) for row in golden])
    for how, found in (("together", compiled.answers(golden)), ("one by one", alone)):
        gaps = numpy.abs(found - wanted)
        if not (found == wanted).all():
            return f"compiled and asked {how}, it is off by up to {gaps.max():.3g} on golden requests"
    return None
