"""The same prediction for every row."""

from typing import TYPE_CHECKING, Literal

from ml.baselines.baseline import BaseBaseline, Guess, Known

if TYPE_CHECKING:
    import pandas as pd


class Constant(BaseBaseline):
    """The share of ones, or the mean, of the rows before: what scikit-learn's DummyClassifier(prior) and
    DummyRegressor(mean) give.

    >>> Constant()
    Constant(kind='constant')
    """

    kind: Literal["constant"] = "constant"

    def guess(self, known: Known, newest: "pd.DataFrame") -> Guess:
        import numpy

        how = f"always {known.middle:.5g}, the {known.middle_name} before"
        return Guess(numpy.full(len(newest), known.middle), how)
