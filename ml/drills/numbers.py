"""Numbers that are none, or not these."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from ml.drills.fault import Attempt, Fault, shuffled

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from ml.drills.scene import Scene, Tables

SENTINELS = (-999, 9999)


class NullBurst(Fault):
    """A column is null for a stretch of the day that holds ``share`` of its rows."""

    what: ClassVar[str] = "a column is null for a stretch of the day"
    how: ClassVar[str] = "an upstream service is down for hours and its client writes nulls"
    needs: ClassVar[str] = "a column that is mostly not null"

    kind: Literal["null_burst"] = "null_burst"
    column: str | None = None
    share: float = Field(default=0.6, gt=0, le=1)

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        import polars as pl

        where = scene.window(self.share, rng)
        full = [c for c in scene.numbers() + scene.texts() if scene.struck[c].null_count() * 2 < scene.struck.height]
        for column in shuffled(full, self.column, rng):
            tables = scene.change(column, lambda c: pl.when(pl.lit(False)).then(c), where)
            yield Attempt(tables, (column,), f"{column}: null in {self.share:.0%} of the rows")


class Sentinel(Fault):
    """A number that stands for "unknown" where there was a value: -999 or 9999, or ``value``."""

    what: ClassVar[str] = "-999 or 9999 stands where a value is unknown"
    how: ClassVar[str] = "a file format without nulls, read by somebody who did not know"
    needs: ClassVar[str] = "a column of numbers"

    kind: Literal["sentinel"] = "sentinel"
    column: str | None = None
    value: float | None = None
    share: float = Field(default=0.05, gt=0, le=1)

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        import polars as pl

        value = self.value if self.value is not None else SENTINELS[int(rng.integers(2))]
        for column in shuffled(scene.numbers(), self.column, rng):
            where = scene.some(column, self.share, rng)
            tables = scene.change(column, lambda _: pl.lit(value, dtype=pl.Float64), where)
            yield Attempt(tables, (column,), f"{column}: {value:g} in {self.share:.0%} of the rows")


class SignFlipped(Fault):
    """A column of numbers has the other sign."""

    what: ClassVar[str] = "a column of numbers has the other sign"
    how: ClassVar[str] = "west is counted positive from now on, or a difference is taken the other way round"
    needs: ClassVar[str] = "a column of numbers that are not all zero"

    kind: Literal["sign_flipped"] = "sign_flipped"
    column: str | None = None
    share: float = Field(default=1.0, gt=0, le=1)

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        where = scene.window(self.share, rng) if self.share < 1 else None
        for column in shuffled(scene.numbers(), self.column, rng):
            yield Attempt(scene.change(column, lambda c: -c, where), (column,), f"{column}: the other sign")


class Spike(Fault):
    """Single values far off: by ``strength`` times the spread between the 5th and the 95th percentile, up or down."""

    what: ClassVar[str] = "single values are far off"
    how: ClassVar[str] = "a sensor glitch, a typing error, a bit that fell over"
    needs: ClassVar[str] = "a column of numbers"

    kind: Literal["spike"] = "spike"
    column: str | None = None
    strength: float = Field(default=3.0, gt=0)
    share: float = Field(default=0.005, gt=0, le=1)

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        for column in shuffled(scene.numbers(), self.column, rng):
            off = self.strength * _spread(scene.own[column]) * (1 if rng.integers(2) else -1)
            where = scene.some(column, self.share, rng)
            tables = scene.change(column, lambda c, off=off: c + off, where)  # type: ignore[misc]
            yield Attempt(tables, (column,), f"{column}: {off:+.4g} in single rows")


class DecimalComma(Fault):
    """Numbers are written with a comma: they become text, or, read without it, many times larger."""

    what: ClassVar[str] = "numbers are written with a decimal comma: they become text, or lose it"
    how: ClassVar[str] = "an export on a machine of another language"
    needs: ClassVar[str] = "a column of numbers with decimals"

    kind: Literal["decimal_comma"] = "decimal_comma"
    column: str | None = None
    as_text: bool | None = None

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        import polars as pl

        as_text = bool(rng.integers(2)) if self.as_text is None else self.as_text
        numbers = [c for c in scene.numbers() if scene.own.schema[c].is_float() and _has_decimals(scene.struck[c])]
        for column in shuffled(numbers, self.column, rng):
            if as_text:
                yield Attempt(_texts(scene, column), (column,), f"{column}: text with a decimal comma")
            else:
                digits = pl.col(column).round(2).cast(pl.String).str.replace(".", "", literal=True)
                tables = scene.change(column, lambda _, d=digits: d.cast(pl.Float64))  # type: ignore[misc]
                yield Attempt(tables, (column,), f"{column}: read without its decimal comma")


def _texts(scene: Scene, column: str) -> Tables:
    """The column as text in all rows, with a comma in those that are struck."""
    import polars as pl

    text = pl.col(column).cast(pl.String)
    return {
        name: frame.with_columns(
            pl.when(scene.of_days(name)).then(text.str.replace(".", ",", literal=True)).otherwise(text).alias(column)
        )
        if column in frame.columns
        else frame
        for name, frame in scene.tables.items()
    }


def _has_decimals(values: pl.Series) -> bool:
    return bool((values != values.floor()).any())


def _spread(values: pl.Series) -> float:
    low, high, middle = (values.quantile(q) or 0.0 for q in (0.05, 0.95, 0.5))
    return (high - low) or abs(middle) or 1.0
