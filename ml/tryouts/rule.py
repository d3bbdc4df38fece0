"""When what the labels say is enough, however often one looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ml.comparison import compare, mean_and_error
from ml.gates.gate import number, span
from ml.looks import always_valid
from ml.records import DayGap, Tryout
from ml.tryouts.pairs import Pairs


@dataclass(frozen=True)
class Judgement:
    """What the labels say so far: whether the version passes, None while that is not sure; with the numbers."""

    passed: bool | None
    sentence: str
    worse_by: float | None
    interval: tuple[float, float] | None
    rows: int
    blocks: int


def judge(tryout: Tryout, pairs: Pairs) -> Judgement:
    """What ``pairs`` say of the version beside the champion.

    Rows of one day share its weather, so a day is what is counted. It is stopped when the interval around the mean of
    the daily differences lies above zero, and passes early when it lies below: an interval that holds for all looks at
    once (see ``ml.looks.reach``), so that looking every night stops no more versions than ``alpha`` promises.
    """
    rows = len(pairs.y)
    found = compare(tryout.metric, pairs.y, pairs.candidate, pairs.champion, pairs.days) if rows else None
    if found is None:
        return Judgement(None, "no row that both versions answered has its label yet", None, None, 0, 0)
    return of_days(tryout, found.days)


def of_days(tryout: Tryout, days: Sequence[DayGap]) -> Judgement:
    """What the days' differences say."""
    rows, known = sum(day.rows for day in days), always_valid(days, 1 - tryout.alpha, size=1)
    mean = known[0] if known else mean_and_error(days)[0] if len(days) > 1 else days[0].worse_by
    interval = known[1:] if known else None
    passed = None if interval is None else False if interval[0] > 0 else True if interval[1] < 0 else None
    return Judgement(passed, _sentence(tryout, mean, interval, rows, len(days)), mean, interval, rows, len(days))


def _sentence(tryout: Tryout, mean: float, interval: Any, rows: int, days: int) -> str:
    how = f"worse by {number(mean)}" if mean > 0 else f"better by {number(-mean)}"
    sure = "too few days to be sure of anything"
    if interval is not None:
        sure = f"{span(interval)} at {1 - tryout.alpha:.0%}, however often one looked"
    return (
        f"on {rows:,} rows of {_counted(days)} with their labels version {tryout.version} is {how} in {tryout.metric} "
        f"than version {tryout.champion_version} on the same rows ({sure})"
    )


def _counted(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"
