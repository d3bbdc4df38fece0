"""The chance that a row of some score really is a 1, from rows whose labels have come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

SURE = 1e-6
STEPS, CLOSE = 50, 1e-9
# so much of a row is added that pulls towards "the score is right", so that one class alone gives no infinite line
PULL = 1.0


@dataclass(frozen=True)
class Calibrator:
    """A line through the log-odds of the scores: the log-odds of the truth are ``level + slope * score``.

    Two numbers are all that a few thousand rows of a few weeks bear (Cox 1958, Biometrika 45, 562; Platt 1999): an
    isotonic fit follows the weather of those weeks.
    """

    level: float
    slope: float

    @classmethod
    def fit(cls, scores: Array, labels: Array) -> Calibrator:
        """The line that fits labels of 0 and 1 best, by Newton's method; without any row the score itself."""
        import numpy

        design = numpy.column_stack([numpy.ones(len(scores)), log_odds(scores)])
        line, start = numpy.array([0.0, 1.0]), numpy.array([0.0, 1.0])
        for _ in range(STEPS):
            chance = expit(design @ line)
            slope = design.T @ (chance - labels) + PULL * (line - start)
            bend = (design.T * (chance * (1 - chance))) @ design + PULL * numpy.eye(2)
            step = numpy.linalg.solve(bend, slope)
            line = line - step
            if numpy.abs(step).max() < CLOSE:
                break
        return cls(float(line[0]), float(line[1]))

    def chances(self, scores: Array) -> Array:
        """The chance of a 1 for each score."""
        return expit(self.level + self.slope * log_odds(scores))


def log_odds(scores: Array) -> Array:
    import numpy

    within = numpy.clip(numpy.asarray(scores, dtype="float64"), SURE, 1 - SURE)
    found: Array = numpy.log(within / (1 - within))
    return found


def expit(values: Array) -> Array:
    import numpy

    found: Array = 1 / (1 + numpy.exp(-numpy.clip(values, -500, 500)))
    return found
