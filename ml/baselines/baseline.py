"""What every baseline can do: predict the held-out rows from the rows before them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml.metrics import Task
from ml.section import Section

if TYPE_CHECKING:
    import numpy
    import pandas as pd


@dataclass(frozen=True)
class Known:
    """What a baseline may learn from: labelled rows before the held-out days, their labels, the features."""

    task: Task
    rows: "pd.DataFrame"
    y: "numpy.ndarray[Any, Any]"
    features: Sequence[str]

    @property
    def middle(self) -> float:
        """The share of ones, or the mean, of the labels."""
        return float(self.y.mean())

    @property
    def middle_name(self) -> str:
        return "share of ones" if self.task == "classification" else "mean"


@dataclass(frozen=True)
class Guess:
    """One prediction for each held-out row, and in words how it came about."""

    prediction: "numpy.ndarray[Any, Any]"
    how: str


class BaseBaseline(Section):
    """One simple way to predict. ``kind`` names it in YAML."""

    kind: Any

    @property
    def name(self) -> str:
        """What tells it from the other baselines of a pipeline."""
        return str(self.kind)

    def guess(self, known: Known, newest: "pd.DataFrame") -> Guess:
        """What it predicts for ``newest``.

        Raises
        ------
        TrainingError
            It cannot be computed from these rows.
        """
        raise NotImplementedError
