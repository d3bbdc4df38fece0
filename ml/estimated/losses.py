"""How large an error is to be expected of each row, learned from rows whose labels have come.

Direct loss estimation: a second model foretells the first one's loss from the inputs and the prediction (NannyML,
*DLE*, https://nannyml.readthedocs.io/en/stable/how_it_works/performance_estimation.html). It is for numbers what the
calibrated chance is for classes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy
    import polars as pl

    Array = numpy.ndarray[Any, Any]

PREDICTION = "__prediction"
LOSSES: Mapping[str, Callable[[Array, Array], Array]] = {
    "mae": lambda y, p: abs(y - p),
    "rmse": lambda y, p: (y - p) ** 2,
}
WHOLE: Mapping[str, Callable[[float], float]] = {"mae": lambda mean: mean, "rmse": lambda mean: max(mean, 0.0) ** 0.5}


@dataclass(frozen=True)
class LossModel:
    """A fitted regression of the loss of single rows."""

    metric: str
    estimator: Any = field(repr=False)

    @classmethod
    def fit(cls, metric: str, inputs: pl.DataFrame, predictions: Array, labels: Array, seed: int = 0) -> LossModel:
        """Fit it on labelled rows; the prediction is one of its inputs."""
        from sklearn.ensemble import HistGradientBoostingRegressor

        trees = HistGradientBoostingRegressor(
            max_iter=60, min_samples_leaf=100, learning_rate=0.1, early_stopping=False, random_state=seed
        )
        return cls(metric, trees.fit(_numbers(inputs, predictions), LOSSES[metric](labels, predictions)))

    def expected(self, inputs: pl.DataFrame, predictions: Array) -> float:
        """The metric that these rows are expected to have."""
        return WHOLE[self.metric](float(self.estimator.predict(_numbers(inputs, predictions)).mean()))


def _numbers(inputs: pl.DataFrame, predictions: Array) -> Array:
    """Numbers as they are, moments as hour and weekday, words as numbers that are the same on every day."""
    import numpy
    import polars as pl

    columns: list[Array] = [numpy.asarray(predictions, dtype="float64")]
    for name, kind in inputs.schema.items():
        column = inputs[name]
        if kind.is_numeric() or kind == pl.Boolean:
            columns.append(column.cast(pl.Float64).to_numpy())
        elif isinstance(kind, pl.Datetime):
            columns += [column.dt.hour().cast(pl.Float64).to_numpy(), column.dt.weekday().cast(pl.Float64).to_numpy()]
        elif kind == pl.String:
            columns.append(_coded(column))
    return numpy.column_stack(columns)


def _coded(column: pl.Series) -> Array:
    """A number for each word that does not depend on the other rows: the trees only ask which words are alike."""
    import zlib

    import polars as pl

    words = column.unique().drop_nulls().to_list()
    codes = {word: float(zlib.crc32(word.encode("utf-8", "surrogatepass"))) for word in words}
    return column.replace_strict(codes, default=None, return_dtype=pl.Float64).to_numpy()
