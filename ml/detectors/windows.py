"""Which days a night compares with which: the same windows for tonight and for every night of the past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Given = Literal["weekday"]


@dataclass(frozen=True)
class Night:
    """A night's windows: places in a sorted list of days. Days that were not accepted are simply not there."""

    day: date
    reference: tuple[int, ...]
    current: tuple[int, ...]

    def given(self, days: Sequence[date], given: Given | None, newest: int | None) -> Night:
        """The night with the reference days that count: of the same weekdays, or only the newest so many days."""
        weekdays = {days[place].weekday() for place in self.current}
        first = days[self.current[0]] - timedelta(days=newest) if newest and self.current else date.min
        kept = (p for p in self.reference if days[p] >= first and (given is None or days[p].weekday() in weekdays))
        return Night(self.day, tuple(kept), self.current)


def night(days: Sequence[date], day: date, reference: int, current: int) -> Night:
    """The windows of the night of ``day``: the ``current`` newest days, and the ``reference`` days before them."""
    split, first = day - timedelta(days=current - 1), day - timedelta(days=current + reference - 1)
    before = tuple(place for place, there in enumerate(days) if first <= there < split)
    return Night(day, before, tuple(place for place, there in enumerate(days) if split <= there <= day))


def nights(days: Sequence[date], reference: int, current: int) -> list[Night]:
    """Every past night whose windows lie within the days: one for each accepted day, first ones left out."""
    if not days:
        return []
    earliest = days[0] + timedelta(days=reference + current - 1)
    return [night(days, day, reference, current) for day in days if day >= earliest]
