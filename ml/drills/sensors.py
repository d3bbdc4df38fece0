"""A sensor that no longer senses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from ml.drills.fault import Attempt, Fault, shuffled
from ml.drills.joins import feeds

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from ml.drills.scene import Scene


class SensorFrozen(Fault):
    """A measurement keeps the value of the day's first row, at one place, for ``hours`` or for good.

    Without measurements by place and hour, a column of decimals keeps it in all rows.
    """

    what: ClassVar[str] = "a measurement keeps its first value"
    how: ClassVar[str] = "a sensor hangs, and its gateway repeats the last reading"
    needs: ClassVar[str] = "a measurement that varies within the day"

    kind: Literal["sensor_frozen"] = "sensor_frozen"
    column: str | None = None
    value: str | None = None
    hours: float | None = Field(default=None, gt=0)

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        import polars as pl

        for column in shuffled(scene.measured or _decimals(scene), self.column, rng):
            for place in self._places(scene, column, rng):
                here = pl.lit(True) if place is None else pl.col(scene.place or "") == place
                first = _first(scene, column, here)
                if first.height:
                    time, value = first.row(0)
                    until = time + timedelta(hours=self.hours) if self.hours else None
                    where = {name: self._where(scene, name, here, until) for name in scene.tables}
                    tables = scene.change(column, lambda c, v=value: _held(c, v), where)  # type: ignore[misc]
                    at = f" at {place}" if place else ""
                    yield Attempt(tables, (column,), f"{column}{at}: stays {value:g}")

    def _places(self, scene: Scene, column: str, rng: np.random.Generator) -> list[str | None]:
        if scene.place is None or column not in scene.measured:
            return [None]
        return [*shuffled([value for value, _ in scene.shares(scene.place)], self.value, rng)]

    def _where(self, scene: Scene, table: str, here: pl.Expr, until: datetime | None) -> pl.Expr:
        import polars as pl

        time = scene.time(table)
        if time is None or (scene.place and scene.place not in scene.tables[table].columns):
            return pl.lit(False)
        return here if until is None else here & (time <= until)


def _decimals(scene: Scene) -> list[str]:
    return [column for column in scene.numbers() if scene.own.schema[column].is_float()]


def _first(scene: Scene, column: str, here: pl.Expr) -> pl.DataFrame:
    """Time and value of the first reading of the struck days, from the upstream table where there is one."""
    import polars as pl

    name = next(iter(feeds(scene)), scene.ground.name) if scene.place else scene.ground.name
    time = scene.ground.times[name]
    readings = scene.tables[name].filter(scene.of_days(name) & here & pl.col(column).is_not_null())
    return readings.sort(time).select(time, column).head(1)


def _held(column: pl.Expr, value: float) -> pl.Expr:
    """A null stays null: what is not sent cannot be repeated."""
    import polars as pl

    return pl.when(column.is_not_null()).then(pl.lit(value, dtype=pl.Float64))
