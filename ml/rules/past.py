"""The accepted days before a day, as profiles, in a window that moves with it."""

from collections import Counter, deque
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from ml.profiles import ColumnProfile, TableProfile


class Past:
    """The profiles of the accepted days of the last ``days`` days, oldest first, and which values they held.

    Days are added in order; a quarantined or discarded day never is.
    """

    def __init__(self, days: int) -> None:
        self.days = days
        self._window: deque[tuple[date, TableProfile]] = deque()
        self._columns: dict[str, _Column] = {}

    def __len__(self) -> int:
        return len(self._window)

    def add(self, day: date, profile: TableProfile) -> None:
        """One more accepted day, newer than all before it."""
        self._window.append((day, profile))
        for name, column in profile.columns.items():
            if column.rows:
                self._columns.setdefault(name, _Column()).add(column)

    def until(self, day: date) -> "Past":
        """The window as it stands before ``day``; what is older is forgotten."""
        first = day - timedelta(days=self.days)
        while self._window and self._window[0][0] < first:
            _, profile = self._window.popleft()
            for name, column in profile.columns.items():
                if column.rows:
                    self._columns[name].forget(column)
        return self

    @property
    def tables(self) -> tuple[tuple[date, TableProfile], ...]:
        return tuple(self._window)

    def of(self, name: str) -> Sequence[ColumnProfile]:
        """What the column held on each day on which it had a value."""
        return self._column(name).days

    def most_nulls(self, name: str) -> float:
        """The largest share of nulls on one day on which the column had a value."""
        return max(self._column(name).nulls, default=0.0)

    def fewest_distinct(self, name: str) -> int:
        """The fewest distinct values on one day on which the column had any."""
        return min(self._column(name).distinct, default=0)

    def counted(self, name: str) -> int:
        """On how many days all values of the column were counted."""
        return sum(self._column(name).complete)

    def values(self, name: str) -> Counter[Any]:
        """Every value that the column held, with the number of days; those of forgotten days stand at 0."""
        return self._column(name).frequency

    def _column(self, name: str) -> "_Column":
        return self._columns.get(name, _NOTHING)


class _Column:
    """What is asked of a column every day, kept as days come and go."""

    def __init__(self) -> None:
        self.days: deque[ColumnProfile] = deque()
        self.nulls: deque[float] = deque()
        self.distinct: deque[int] = deque()
        self.complete: deque[bool] = deque()
        self.frequency: Counter[Any] = Counter()

    def add(self, column: ColumnProfile) -> None:
        self.days.append(column)
        self.nulls.append(column.null_share)
        self.distinct.append(column.distinct)
        self.complete.append(column.complete)
        self.frequency.update(column.values)

    def forget(self, column: ColumnProfile) -> None:
        """The oldest day."""
        for kept in (self.days, self.nulls, self.distinct, self.complete):
            kept.popleft()
        self.frequency.subtract(column.values)


_NOTHING = _Column()
