"""What rows that come in days can say: an estimate with its error from leaving out a day at a time.

Rows of one day share its weather, so days are what is counted, and weeks where there are eight or more of them. The
error is that of the delete-one-block jackknife, which for a mean over rows is the cluster-robust one, and is compared
with Student's t with one degree of freedom less than blocks (MacKinnon, Nielsen and Webb 2023, doi:10.1002/jae.2969).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

FEWEST = 3
WEEK, LONG = 7, 56


@dataclass(frozen=True)
class Estimate:
    """A number, its standard error, and the blocks that it rests on; with less than three it has no error."""

    value: float
    error: float
    blocks: int

    def interval(self, level: float = 0.95) -> tuple[float, float] | None:
        """Both ends at two-sided ``level``; None with less than three blocks."""
        from scipy import stats  # type: ignore[import-untyped]

        if self.blocks < FEWEST:
            return None
        reach = float(stats.t.ppf((1 + level) / 2, self.blocks - 1)) * self.error
        return self.value - reach, self.value + reach

    def above(self, limit: float) -> float:
        """How likely a value so far above ``limit`` is when the truth lies at it; 1 with less than three blocks."""
        from scipy import stats

        if self.blocks < FEWEST:
            return 1.0
        if self.error == 0:
            return 0.0 if self.value > limit else 1.0
        return float(stats.t.sf((self.value - limit) / self.error, self.blocks - 1))


def block_days(days: int) -> int:
    """How many days make a block when there are rows of so many: one, or seven from eight weeks on."""
    return WEEK if days >= LONG else 1


def blocks(days: "Array") -> "Array":
    """The number of each row's block, from 0: its day, or its week where there are eight weeks or more.

    A week is seven days that have rows; what is left over at the end is a smaller block.
    """
    import numpy

    names, place = numpy.unique(days.astype("datetime64[D]"), return_inverse=True)
    return numpy.asarray(place // block_days(len(names)))


def mean(values: "Array", place: "Array") -> Estimate:
    """The mean over rows; ``place`` is the block of each."""
    import numpy

    names, own = numpy.unique(place, return_inverse=True)
    sums, rows = numpy.bincount(own, weights=values), numpy.bincount(own)
    whole, count = float(sums.sum() / rows.sum()), len(names)
    if count < FEWEST:
        return Estimate(whole, float("nan"), count)
    moved = (sums - whole * rows) / rows.sum()
    return Estimate(whole, float(numpy.sqrt(count / (count - 1) * (moved**2).sum())), count)


def without_each(statistic: Callable[["Array"], float], place: "Array") -> Estimate:
    """A statistic of the rows that a mask chooses, with the jackknife's error; blocks it cannot do without are left."""
    import numpy

    whole = statistic(numpy.full(len(place), True))
    left = numpy.array([statistic(place != block) for block in numpy.unique(place)])
    left = left[numpy.isfinite(left)]
    count = len(left)
    if count < FEWEST:
        return Estimate(whole, float("nan"), count)
    return Estimate(whole, float(numpy.sqrt((count - 1) / count * ((left - left.mean()) ** 2).sum())), count)


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values adjusted so that all of them may be looked at (Holm 1979, Scand. J. Statist. 6, 65-70)."""
    ordered = sorted(range(len(p_values)), key=lambda n: p_values[n])
    found, highest = [1.0] * len(p_values), 0.0
    for rank, n in enumerate(ordered):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[n]))
        found[n] = highest
    return found
