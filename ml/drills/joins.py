"""What was joined to a row belongs to another time, another place, or is not there.

The columns that came by a join are found in the data: those that are the same in all rows of a place and an hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Literal

from ml.drills.fault import Attempt, Fault, shuffled

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from ml.drills.scene import Scene

_NEEDS = "columns that are the same in all rows of a place and an hour, as a joined measurement is"


class JoinShifted(Fault):
    """Each row gets what was measured ``hours`` before, at its own place."""

    what: ClassVar[str] = "each row gets the measurements of an hour before"
    how: ClassVar[str] = "a truncated hour is rounded from now on, or somebody mends a join that was right"
    needs: ClassVar[str] = _NEEDS

    kind: Literal["join_shifted"] = "join_shifted"
    hours: int = 1

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        if scene.place:
            own = joined(scene, scene.own, by=-self.hours)
            detail = f"{', '.join(scene.measured)}: of {self.hours} h before"
            yield Attempt(scene.with_own(own), tuple(scene.measured), detail)


class JoinMisplaced(Fault):
    """The rows of one place get what was measured at another."""

    what: ClassVar[str] = "the rows of one place get the measurements of another"
    how: ClassVar[str] = "a station is moved in the code list, or a join lost one of its columns"
    needs: ClassVar[str] = _NEEDS

    kind: Literal["join_misplaced"] = "join_misplaced"
    value: str | None = None
    other: str | None = None

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        import polars as pl

        if scene.place:
            values = [value for value, _ in scene.shares(scene.place)]
            for value in shuffled(values, self.value, rng):
                for other in shuffled([v for v in values if v != value], self.other, rng):
                    place = pl.col(scene.place).replace(value, other)
                    detail = f"{', '.join(scene.measured)}: at {value} those of {other}"
                    yield Attempt(scene.with_own(joined(scene, scene.own, place=place)), tuple(scene.measured), detail)


class UpstreamAbsent(Fault):
    """The table that was joined has no rows of the day: what it measures is null."""

    what: ClassVar[str] = "the table that is joined has no rows of the day"
    how: ClassVar[str] = "a supplier's feed ends, and a left join hides it"
    needs: ClassVar[str] = _NEEDS

    kind: Literal["upstream_absent"] = "upstream_absent"

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        import polars as pl

        if scene.place:
            struck = scene.of_days(scene.ground.name)
            own = scene.own.with_columns(pl.when(~struck).then(pl.col(c)).alias(c) for c in scene.measured)
            left = {name: scene.tables[name].filter(~scene.of_days(name)) for name in feeds(scene)}
            yield Attempt(
                {**scene.with_own(own), **left}, tuple(scene.measured), f"{', '.join(scene.measured)}: absent"
            )


def joined(scene: Scene, own: pl.DataFrame, by: int = 0, place: pl.Expr | None = None) -> pl.DataFrame:
    """Rows with what was measured ``by`` hours later at ``place``, in the struck days; null where nothing was."""
    import polars as pl

    time = pl.col(scene.ground.event_time)
    at = time.dt.truncate("1h") + timedelta(hours=by)
    where = pl.col(scene.place or "") if place is None else place
    found = own.with_columns(at.alias("__hour"), where.alias("__place")).join(
        _readings(scene), on=["__place", "__hour"], how="left", suffix="__read", maintain_order="left"
    )
    struck = scene.of_days(scene.ground.name)
    taken = [pl.when(struck).then(f"{c}__read").otherwise(c).alias(c) for c in scene.measured]
    return found.with_columns(taken).select(own.columns)


def feeds(scene: Scene) -> list[str]:
    """The upstream tables that hold the measurements."""
    needed = {scene.place, *scene.measured}
    others = [name for name in scene.tables if name != scene.ground.name and scene.time(name) is not None]
    return [name for name in others if needed <= set(scene.tables[name].columns)]


def _readings(scene: Scene) -> pl.DataFrame:
    """What was measured at each place in each hour, from the upstream table or, without one, from the rows."""
    import polars as pl

    name = next(iter(feeds(scene)), scene.ground.name)
    hour = pl.col(scene.ground.times[name]).dt.truncate("1h")
    frame = scene.tables[name].select(
        pl.col(scene.place or "").alias("__place"),
        hour.alias("__hour"),
        *(pl.col(c).cast(scene.own.schema[c]) for c in scene.measured),
    )
    return frame.unique(["__place", "__hour"], keep="first", maintain_order=True)
