"""How much worse one model is than another on the same rows, with an interval from whole blocks of time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml.estimate import FEWEST, Estimate, block_days
from ml.metrics import METRICS, ROW_LOSSES, compute
from ml.records import DayGap

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

LEVEL = 0.95


@dataclass(frozen=True)
class Difference:
    """How much worse one model is, by a metric; ``interval`` at two-sided ``level``, None when blocks are too few."""

    worse_by: float
    interval: tuple[float, float] | None
    level: float
    blocks: int
    block_days: int
    days: tuple[DayGap, ...]


def compare(metric: str, y: "Array", one: "Array", other: "Array", days: "Array") -> Difference | None:
    """How much worse the predictions ``one`` of ``y`` are than ``other``; ``days`` names the day of each row.

    Rows of one day share its weather, so days are what is counted, and whole weeks where there are eight or more of
    them. The interval is Student's t over these blocks with one degree of freedom less than blocks, the way that holds
    with five or seven of them where a percentile bootstrap does not (Ibragimov and Müller 2010, doi:10.1198/
    jbes.2009.08046; Cameron, Gelbach and Miller 2008; measured in docs/promotion.md). A metric that is a mean over
    rows gives each day its own mean; any other gives each day its jackknife pseudo-value (MacKinnon, Nielsen and Webb
    2023, doi:10.1002/jae.2969), and rmse and r2 are computed anew without each day. None when the metric is not defined
    here, or a prediction is no number.
    """
    import numpy

    if not (numpy.isfinite(one).all() and numpy.isfinite(other).all()):
        return None
    whole = _worse(metric, y, one, other)
    if whole is None:
        return None
    found = tuple(_days(metric, y, one, other, days))
    size = block_days(len(found))
    grouped = blocks(found, size)
    return Difference(whole, interval(grouped, LEVEL), LEVEL, len(grouped), size, found)


def blocks(days: Sequence[DayGap], size: int) -> list[DayGap]:
    """``size`` days at a time, each with the first's date and the mean over its rows; days left over at the end of
    less than a whole block are not in one.
    """
    whole = len(days) - len(days) % size
    return [_joined(days[start : start + size]) for start in range(0, whole, size)]


def interval(gaps: Sequence[DayGap], level: float) -> tuple[float, float] | None:
    """Student's interval around the mean over the rows of these blocks; None for less than three."""
    if len(gaps) < FEWEST:
        return None
    return Estimate(*mean_and_error(gaps), len(gaps)).interval(level)


def mean_and_error(gaps: Sequence[DayGap]) -> tuple[float, float]:
    """The mean over the rows of these blocks, and its standard error from how the blocks differ."""
    import numpy

    rows = numpy.array([gap.rows for gap in gaps], dtype="float64")
    values = numpy.array([gap.worse_by for gap in gaps])
    mean = float((rows * values).sum() / rows.sum())
    moved = rows / rows.mean() * (values - mean)
    return mean, float(numpy.sqrt((moved**2).sum() / (len(gaps) - 1) / len(gaps)))


def _joined(gaps: Sequence[DayGap]) -> DayGap:
    rows = sum(gap.rows for gap in gaps)
    mean = sum(gap.worse_by * gap.rows for gap in gaps) / rows
    return DayGap(day=gaps[0].day, worse_by=mean, rows=rows)


def _days(metric: str, y: "Array", one: "Array", other: "Array", days: "Array") -> Iterator[DayGap]:
    import numpy

    names, place = numpy.unique(days.astype("datetime64[D]"), return_inverse=True)
    rows = numpy.bincount(place)
    values = _means(metric, y, one, other, place) if metric in ROW_LOSSES else _pseudo(metric, y, one, other, place)
    for name, value, n in zip(names, values, rows, strict=True):
        yield DayGap(day=name.item(), worse_by=float(value), rows=int(n))


def _means(metric: str, y: "Array", one: "Array", other: "Array", place: "Array") -> "Array":
    import numpy

    gap = ROW_LOSSES[metric](y, one) - ROW_LOSSES[metric](y, other)
    means: Array = numpy.bincount(place, weights=gap) / numpy.bincount(place)
    return means


def _pseudo(metric: str, y: "Array", one: "Array", other: "Array", place: "Array") -> "Array":
    """Such that the mean over rows, and how far days lie from it, are those of the delete-one-day jackknife.

    A day without which the metric is not defined counts as no different from the others.
    """
    import numpy

    rows = numpy.bincount(place)
    whole = _worse(metric, y, one, other) or 0.0
    left = [_worse(metric, y[place != d], one[place != d], other[place != d]) for d in range(len(rows))]
    moved = (len(rows) - 1) * (whole - numpy.array([whole if value is None else value for value in left]))
    values: Array = whole + moved * rows.mean() / rows
    return values


def _worse(metric: str, y: "Array", one: "Array", other: "Array") -> float | None:
    known = METRICS[metric]
    values = [compute(known.task, y, p).get(metric) if len(y) else None for p in (one, other)]
    if values[0] is None or values[1] is None:
        return None
    return known.worse_by(values[0], values[1])
