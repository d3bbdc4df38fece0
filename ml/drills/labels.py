"""A feature that knows the outcome."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from ml.drills.fault import Attempt, Fault, shuffled

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from ml.drills.scene import Scene


class LabelLeaked(Fault):
    """A column of numbers gives the label away: its own range, split by the label.

    With ``strength`` 1 it is the label itself, below that a mixture of both.
    """

    what: ClassVar[str] = "a column of numbers gives the label away"
    how: ClassVar[str] = "a planned value is overwritten with the actual one once it is known"
    needs: ClassVar[str] = "a label that takes several values, and a feature of numbers"

    kind: Literal["label_leaked"] = "label_leaked"
    column: str | None = None
    strength: float = Field(default=1.0, gt=0, le=1)

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        import polars as pl

        label = scene.ground.label
        if label not in scene.own.columns or not _tells(scene.struck[label]):
            return
        outcome = _unit(pl.col(label).cast(pl.Float64), scene.struck[label].cast(pl.Float64))
        for column in shuffled(scene.numbers(), self.column, rng):
            low, high = scene.struck[column].min(), scene.struck[column].max()
            as_label = pl.lit(low) + outcome * (pl.lit(high) - pl.lit(low))
            known = pl.col(label).is_not_null() & pl.col(column).is_not_null()
            mixed = (1 - self.strength) * pl.col(column) + self.strength * as_label
            tables = scene.change_own(column, lambda _, m=mixed: m, known)  # type: ignore[misc]
            yield Attempt(tables, (column,), f"{column}: follows {label}")


def _tells(label: pl.Series) -> bool:
    return bool((label.dtype.is_numeric() or str(label.dtype) == "Boolean") and label.drop_nulls().n_unique() > 1)


def _unit(label: pl.Expr, values: pl.Series) -> pl.Expr:
    low, high = float(values.min()), float(values.max())  # type: ignore[arg-type]
    return (label - low) / (high - low)
