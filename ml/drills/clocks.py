"""A clock that is hours off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Literal

from ml.drills.fault import Attempt, Fault
from ml.drills.joins import joined

if TYPE_CHECKING:
    import numpy as np

    from ml.drills.scene import Scene


class ClockShifted(Fault):
    """The event times are ``hours`` later than they were, and so is what was joined by the hour.

    A row that leaves the days that are struck is lost to them.
    """

    what: ClassVar[str] = "the event times are hours off"
    how: ClassVar[str] = "local times are sent as UTC, or summer time is forgotten"
    needs: ClassVar[str] = "event times with a time of the day"

    kind: Literal["clock_shifted"] = "clock_shifted"
    hours: int = 5

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        import polars as pl

        time, by, struck = (
            pl.col(scene.ground.event_time),
            timedelta(hours=self.hours),
            scene.of_days(scene.ground.name),
        )
        clocks = [column for column, dtype in scene.own.schema.items() if isinstance(dtype, pl.Datetime)]
        moved = joined(scene, scene.own, by=self.hours) if scene.place else scene.own
        stays = (time + by).dt.date().is_in(list(scene.days)) | ~struck
        later = [pl.when(struck).then(pl.col(c) + by).otherwise(c).alias(c) for c in clocks]
        own = moved.filter(stays).with_columns(later)
        touched = tuple(dict.fromkeys((*clocks, *scene.measured)))
        yield Attempt(scene.with_own(own), touched, f"the clock is {abs(self.hours)} h {_way(self.hours)}")


def _way(hours: int) -> str:
    return "fast" if hours > 0 else "slow"
