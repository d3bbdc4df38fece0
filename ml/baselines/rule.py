"""A rule of the trade, written over the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, field_validator

from ml.baselines.baseline import BaseBaseline, Guess, Known
from ml.errors import TrainingError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


class Rule(BaseBaseline):
    """What people did before there was a model: an expression in the SQL of polars, or the name of a column.

    Numbers are the prediction itself, for a classification a probability. Anything else, such as true and false or
    the name of a band, is an answer: it predicts what rows with that answer were like before. Where the expression
    gives null, the overall mean stands in.

    >>> Rule(expr="precip > 0.1 OR wind_gust > 35")
    Rule(kind='rule', expr='precip > 0.1 OR wind_gust > 35')
    """

    kind: Literal["rule"] = "rule"
    expr: str = Field(min_length=1, examples=["precip > 0.1 OR wind_gust > 35", "planned_risk"])

    @field_validator("expr")
    @classmethod
    def _understood(cls, value: str) -> str:
        import polars as pl

        try:
            names = pl.sql_expr(value).meta.root_names()
        except pl.exceptions.PolarsError as error:
            raise ValueError(f"{value!r} is not an expression: {_said(error)}") from error
        if not names:
            raise ValueError(f"{value!r} names no column")
        return value

    @property
    def name(self) -> str:
        return f"rule {self.expr}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the expression reads."""
        import polars as pl

        return tuple(dict.fromkeys(pl.sql_expr(self.expr).meta.root_names()))

    def guess(self, known: Known, newest: pd.DataFrame) -> Guess:
        answers = self._answers(newest)
        if answers.dtype.is_numeric():
            return Guess(self._numbers(answers, known), f"the rule {self.expr}")
        before = self._answers(known.rows).to_pandas()
        told = answers.to_pandas().astype(object).map(_means(before, known.y)).astype("float64").fillna(known.middle)
        return Guess(told.to_numpy(), f"the {known.middle_name} before, by the rule {self.expr}")

    def _answers(self, rows: pd.DataFrame) -> pl.Series:
        import polars as pl

        missing = sorted(set(self.columns) - set(rows.columns))
        if missing:
            raise TrainingError(f"the rule {self.expr!r} of a baseline needs the columns {', '.join(missing)}")
        try:
            frame = pl.from_pandas(rows[list(self.columns)].reset_index(drop=True))
            return frame.select(pl.sql_expr(self.expr)).to_series()
        except pl.exceptions.PolarsError as error:
            raise TrainingError(f"the rule {self.expr!r} of a baseline cannot be computed: {_said(error)}") from error

    def _numbers(self, answers: pl.Series, known: Known) -> Any:
        numbers = answers.cast(float).fill_nan(None).fill_null(known.middle).to_numpy()
        if known.task == "classification" and not ((numbers >= 0) & (numbers <= 1)).all():
            low, high = numbers.min(), numbers.max()
            raise TrainingError(f"the rule {self.expr!r} gives {low:.5g} to {high:.5g}, not probabilities from 0 to 1")
        return numbers


def _means(answers: pd.Series[Any], y: Any) -> pd.Series[float]:
    import pandas as pd

    return pd.Series(y, dtype="float64").groupby(answers.astype(object).to_numpy()).mean()


def _said(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200]
