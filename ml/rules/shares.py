"""A part of the rows that is missing: one value of a text that is much rarer than on the same weekdays before.

Beside the other rows, so that a holiday, on which everything is less, is none: half of a sender's rows missing halves
its odds, however large its share was. Measured on the flights of 2013, each day beside the eight weeks before it: the
odds of an airport never fell below 0.75 of the usual, of an airline with a tenth of the rows below 0.56 (Christmas);
with half of its rows missing they lie below 0.55 on 95 to 96 % of the days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from math import sqrt
from statistics import median

from ml.profiles import ColumnProfile
from ml.records import Violation
from ml.rules.past import Past

_LEAST_SHARE = 0.1
_SAME_WEEKDAYS = 3
_DEVIATIONS = 4


def faded(name: str, today: ColumnProfile, past: Past, day: date, limit: float) -> Iterator[Violation]:
    """Each value of usually a tenth of the rows or more whose odds are below ``limit`` of the same weekdays' median.

    A value that is gone is not among them: ``history.values`` says that.
    """
    same = [_odds(known) for other, known in _days(name, past) if other.weekday() == day.weekday()]
    if len(same) < _SAME_WEEKDAYS or not today.rows:
        return
    for value, now in _odds(today).items():
        usual = median(odds.get(value, 0.0) for odds in same)
        part = now / usual if usual >= _LEAST_SHARE / (1 - _LEAST_SHARE) else 1.0
        if part < limit and not _chance(value, usual, today):
            yield _violation(name, value, today, day, f"{part:.0%} of what {len(same)} {day:%A}s had")


def _days(name: str, past: Past) -> Iterator[tuple[date, ColumnProfile]]:
    for day, profile in past.tables:
        column = profile.columns.get(name)
        if column is not None and column.values:
            yield day, column


def _odds(column: ColumnProfile) -> dict[str | float, float]:
    """For each value the rows with it to those with another."""
    pairs = zip(column.values, column.counts, strict=True)
    return {value: count / max(1, column.rows - count) for value, count in pairs}


def _chance(value: str | float, usual: float, today: ColumnProfile) -> bool:
    """Whether so few rows may be chance: within four standard deviations of independent rows."""
    expected = today.rows * usual / (1 + usual)
    return expected - _count(today, value) <= _DEVIATIONS * sqrt(expected)


def _count(column: ColumnProfile, value: str | float) -> int:
    return dict(zip(column.values, column.counts, strict=True)).get(value, 0)


def _violation(name: str, value: str | float, today: ColumnProfile, day: date, part: str) -> Violation:
    count = _count(today, value)
    sentence = (
        f"{name}: {count:,} of {today.rows:,} rows on {day} have {value!r:.40}; beside the other rows that is {part}"
    )
    return Violation(column=name, rule="history.shares", rows=count, sentence=sentence)
