"""How far an estimate may lie from what is realised, from how far it lay on the days whose labels have come.

Days are what is counted: rows of one day share its weather. The misses of past days are taken as they came, each from
an estimate that knew nothing of its own day, so they hold what calibration did not know as well as what days differ by
(split conformal prediction: Vovk, Gammerman and Shafer 2005; Lei et al. 2018, doi:10.1080/01621459.2017.1307116). That
keeps a level on the average over all pasts that one could have had. There is but one, and it is short: so the end of
the interval is a tolerance limit, which keeps its level in four of five (Wilks 1941, doi:10.1214/aoms/1177731788).
Both promise it when days could have come in any order. They could not: so the level is also moved by what was missed
lately (adaptive conformal inference: Gibbs and Candès 2021, arXiv:2106.00170), and the wider of the two counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import ceil, log

PACE = 0.01  # how much one day moves the level; in the paper 0.005, for longer series
LEAST, MOST = 0.002, 0.5
SURE = 0.8


@dataclass(frozen=True)
class Miss:
    """A past day: what was estimated before its labels came, and what they said."""

    day: date
    estimated: float
    realised: float

    @property
    def by(self) -> float:
        return abs(self.realised - self.estimated)


def needed(level: float) -> int:
    """So many past days an interval at ``level`` needs: with fewer, its end may be anywhere."""
    return ceil(log(1 - SURE) / log(level) - 1e-9)


def reach(misses: Sequence[Miss], level: float, delay: int = 0) -> float | None:
    """How far to both sides the interval at two-sided ``level`` reaches; None with too few misses.

    ``misses`` are of days in order, the labels of each known ``delay`` days later.
    """
    by = [miss.by for miss in misses]
    plain = _quantile(by, 1 - level)
    if plain is None:
        return None
    moved = _quantile(by, _moved(misses, level, delay))
    return max(plain, moved if moved is not None else max(by))


def _moved(misses: Sequence[Miss], level: float, delay: int) -> float:
    """The error rate to aim for now: smaller after days that were missed too often, larger after quiet ones."""
    asked = rate = 1 - level
    waiting: list[tuple[int, bool]] = []
    for number, miss in enumerate(misses):
        known = [earlier.by for earlier in misses[: max(0, number - delay)]]
        while waiting and waiting[0][0] <= number - delay:
            rate = min(max(rate + PACE * (asked - waiting.pop(0)[1]), LEAST), MOST)
        limit = _quantile(known, rate)
        if limit is not None:
            waiting.append((number, miss.by > limit))
    for _, outside in waiting:
        rate = min(max(rate + PACE * (asked - outside), LEAST), MOST)
    return rate


def _quantile(values: Sequence[float], rate: float) -> float | None:
    """The value that a further one exceeds with at most this rate, as sure as ``SURE``; None where too few can say."""
    place = _place(len(values), rate)
    return sorted(values)[place - 1] if place is not None else None


@cache
def _place(count: int, rate: float) -> int | None:
    """Which of so many ordered values lies, as sure as ``SURE``, above all but ``rate`` of those to come."""
    from scipy import stats  # type: ignore[import-untyped]

    place = int(stats.binom.ppf(SURE, count, 1 - rate)) + 1
    return place if place <= count else None
