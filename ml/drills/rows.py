"""Rows that came twice, too early, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from ml.drills.fault import Attempt, Fault, shuffled
from ml.drills.scene import ROW

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from ml.drills.scene import Scene


class RowsTwice(Fault):
    """A share of the day's rows comes twice."""

    what: ClassVar[str] = "rows of the day come twice"
    how: ClassVar[str] = "a load was started again after it had half succeeded"
    needs: ClassVar[str] = "a row"

    kind: Literal["rows_twice"] = "rows_twice"
    share: float = Field(default=1.0, gt=0, le=1)

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        size = max(1, round(self.share * scene.struck.height))
        again = scene.struck[sorted(rng.choice(scene.struck.height, size, replace=False))]
        yield Attempt(scene.with_own(_added(scene.own, again)), (), f"{size:,} rows twice")


class YesterdayAgain(Fault):
    """The day's rows are those of the day before, under today's date."""

    what: ClassVar[str] = "yesterday's rows come again under today's date"
    how: ClassVar[str] = "a job picks up the old file, and stamps the date itself"
    needs: ClassVar[str] = "rows of the day before the struck one"

    kind: Literal["yesterday_again"] = "yesterday_again"

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        import polars as pl
        import polars.selectors as cs

        time = pl.col(scene.ground.event_time)
        eves = [day - timedelta(days=1) for day in scene.days]
        again = scene.own.filter(time.dt.date().is_in(eves)).with_columns(cs.temporal() + pl.duration(days=1))
        if again.height:
            rest = scene.own.filter(~scene.of_days(scene.ground.name))
            yield Attempt(scene.with_own(_added(rest, again)), (), "the rows of the day before, a day later")


class LateHalf(Fault):
    """Of the day's rows only those before ``until`` o'clock are there; ``table`` strikes an upstream table instead."""

    what: ClassVar[str] = "only the first hours of the day are there"
    how: ClassVar[str] = "the second file of the day is late, and the night does not wait"
    needs: ClassVar[str] = "rows before and after the hour at which it ends"

    kind: Literal["late_half"] = "late_half"
    until: float = Field(default=12.0, gt=0, lt=24)
    table: str | None = None

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        import polars as pl

        table = self.table or scene.ground.name
        time = scene.time(table)
        if time is not None:
            late = scene.of_days(table) & (time.dt.truncate("1d") + pl.duration(minutes=round(60 * self.until)) <= time)
            kept = scene.tables[table].filter(~late.fill_null(False))
            yield Attempt({**scene.tables, table: kept}, (), f"{table}: rows before {self.until:g} o'clock only")


class SourceMissing(Fault):
    """A share of the rows of one value of a category is absent."""

    what: ClassVar[str] = "half of the rows of one source are absent"
    how: ClassVar[str] = "one of several senders is down for half of the day"
    needs: ClassVar[str] = "a category with a value in at least a tenth of the rows"

    kind: Literal["source_missing"] = "source_missing"
    column: str | None = None
    value: str | None = None
    share: float = Field(default=0.5, gt=0, le=1)
    least: float = Field(default=0.1, ge=0, le=1)

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        import polars as pl

        for column in shuffled(scene.categories(), self.column, rng):
            large = [value for value, share in scene.shares(column) if share >= self.least]
            for value in shuffled(large, self.value, rng):
                rows = scene.struck.filter(pl.col(column) == value)[ROW]
                lost = rng.choice(rows.to_numpy(), max(1, round(self.share * len(rows))), replace=False)
                kept = scene.own.filter(~pl.col(ROW).is_in(lost.tolist()))
                detail = f"{column} {value}: {self.share:.0%} of its rows absent"
                yield Attempt(scene.with_own(kept), (column,), detail)


def _added(frame: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """The frame with more rows at its end; these have no number, so they count as new."""
    import polars as pl

    return pl.concat([frame, more.with_columns(pl.lit(None, dtype=frame.schema[ROW]).alias(ROW))])
