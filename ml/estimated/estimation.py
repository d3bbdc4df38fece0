"""How well a model does on rows whose labels are still young: learned on days whose labels have come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ml.estimated.calibrator import Calibrator
from ml.estimated.expected import EXPECTED
from ml.estimated.losses import LOSSES, LossModel
from ml.estimated.reach import Miss, needed, reach
from ml.estimated.region import Region
from ml.metrics import METRICS, Task, compute
from ml.records import Estimated

if TYPE_CHECKING:
    import numpy
    import polars as pl

    Array = numpy.ndarray[Any, Any]

SCORE = "__score"


@dataclass(frozen=True)
class Day:
    """The rows of a data day: what was predicted of each, its label (NaN while it is not known), and the inputs."""

    day: date
    scores: Array
    labels: Array = field(repr=False)
    inputs: pl.DataFrame = field(repr=False)

    @property
    def labelled(self) -> Array:
        import numpy

        known: Array = numpy.isfinite(self.labels)
        return known


@dataclass(frozen=True)
class Terms:
    """How an estimate is made: learned on the newest ``window`` days with labels, of which there are ``labels`` at
    least, no longer than ``age`` days before; for a day of at least ``rows`` rows; held by an interval at ``level``.
    """

    level: float = 0.95
    window: int = 56
    labels: int = 500
    age: int = 28
    rows: int = 50


@dataclass(frozen=True)
class Learned:
    """What the days from ``first`` to ``last`` taught: how scores are to be read, and where that was seen."""

    first: date
    last: date
    rows: int
    by: Calibrator | LossModel
    region: Region

    def value(self, metric: str, day: Day) -> float:
        """The metric that the day's rows are expected to have."""
        if isinstance(self.by, LossModel):
            return self.by.expected(day.inputs, day.scores)
        return EXPECTED[metric](day.scores, self.by.chances(day.scores))


def learn(task: Task, metric: str, past: Sequence[Day], terms: Terms) -> Learned | None:
    """What the newest days with labels teach; None where there are too few labels."""
    import numpy

    days = [day for day in past if day.labelled.any()][-terms.window :]
    rows = sum(int(day.labelled.sum()) for day in days)
    if rows < terms.labels:
        return None
    scores, labels = (numpy.concatenate([getattr(d, name)[d.labelled] for d in days]) for name in ("scores", "labels"))
    seen = [_with_scores(day).filter(day.labelled) for day in days]
    by: Calibrator | LossModel
    if task == "classification":
        by = Calibrator.fit(scores, labels)
    else:
        import polars as pl

        inputs = pl.concat([day.inputs.filter(day.labelled) for day in days], how="vertical_relaxed")
        by = LossModel.fit(metric, inputs, scores, labels)
    return Learned(days[0].day, days[-1].day, rows, by, Region.of(seen))


def estimable(task: Task) -> tuple[str, ...]:
    """The metrics that can be estimated."""
    return tuple(EXPECTED) if task == "classification" else tuple(LOSSES)


def estimate(
    pipeline: str,
    version: int,
    metric: str,
    learned: Learned | None,
    today: Day,
    misses: Sequence[Miss],
    terms: Terms | None = None,
    delay: int = 0,
) -> Estimated:
    """What ``metric`` is expected to be on the rows of ``today``, or why it cannot be said.

    ``misses`` are of the past days in order whose labels have come, ``delay`` days after each. Blind to a change in
    what leads to the label: only labels can show that.
    """
    terms = terms or Terms()
    common = {"pipeline": pipeline, "version": version, "metric": metric, "day": today.day, "rows": len(today.scores)}
    guess = _guess(metric, learned, today)
    why = _why_not(learned, today, misses, terms)
    if why is None and guess is None:
        why = f"{metric} is not defined on these rows"
    if learned is None or guess is None or why is not None:
        return Estimated(**common, state="unknown", why=why or "", level=terms.level, guess=guess)
    far = reach(misses, terms.level, delay)
    return Estimated(
        **common,
        state="estimated",
        value=guess,
        interval=None if far is None else METRICS[metric].possible((guess - far, guess + far)),
        level=terms.level,
        learned=(learned.first, learned.last),
        guess=guess,
    )


def _guess(metric: str, learned: Learned | None, today: Day) -> float | None:
    """What the rows are expected to have, whether it may be shown or not; None where that is no number."""
    import numpy

    if learned is None or not len(today.scores) or not numpy.isfinite(today.scores).all():
        return None
    value = learned.value(metric, today)
    return value if numpy.isfinite(value) else None


def replay(
    pipeline: str,
    version: int,
    task: Task,
    metric: str,
    days: Sequence[Day],
    delay: int,
    terms: Terms | None = None,
    every: int = 1,
) -> Iterator[tuple[Estimated, float | None]]:
    """Each day in order with the estimate that could be made before its labels came, and what they said then.

    On each day the labels of days ``delay`` days ago and older are known; what they teach is learned ``every`` so many
    days. The misses of earlier days make the interval, those of estimates that were not shown for want of an interval
    included.
    """
    terms, learned, raw = terms or Terms(), None, list[Miss]()
    for number, today in enumerate(days):
        matured = [day for day in days[:number] if day.day <= today.day - timedelta(days=delay)]
        if number % every == 0 or learned is None:
            learned = learn(task, metric, matured, terms)
        known = {day.day for day in matured}
        misses = [miss for miss in raw if miss.day in known]
        found = estimate(pipeline, version, metric, learned, today, misses, terms, delay)
        realised = _realised(task, metric, today)
        yield found, realised
        if found.guess is not None and realised is not None:
            raw.append(Miss(today.day, found.guess, realised))


def _realised(task: Task, metric: str, day: Day) -> float | None:
    known = day.labelled
    return compute(task, day.labels[known], day.scores[known]).get(metric) if known.any() else None


def _why_not(learned: Learned | None, today: Day, misses: Sequence[Miss], terms: Terms) -> str | None:
    import numpy

    if learned is None:
        return f"fewer than {terms.labels} labels have come; there is nothing to calibrate on"
    if len(today.scores) < terms.rows:
        return f"{len(today.scores)} rows on {today.day} are fewer than {terms.rows}"
    if not numpy.isfinite(today.scores).all():
        return f"some of the {len(today.scores)} predictions of {today.day} are no number"
    if (age := (today.day - learned.last).days) > terms.age:
        return f"the newest labels are of {learned.last}, {age} days before; after {terms.age} they say nothing"
    if len(misses) < needed(terms.level):
        return (
            f"{len(misses)} days have both an estimate and their labels; an interval at {terms.level:g} needs "
            f"{needed(terms.level)}"
        )
    return learned.region.left(_with_scores(today))


def _with_scores(day: Day) -> pl.DataFrame:
    import polars as pl

    return day.inputs.with_columns(pl.Series(SCORE, day.scores, dtype=pl.Float64))
