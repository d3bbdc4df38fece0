"""The accepted days before a day, as profiles, in a window that moves with it."""

from collections import Counter, deque
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
        self._frequency: dict[str, Counter[Any]] = {}
        self._columns: dict[str, deque[ColumnProfile]] = {}

    def __len__(self) -> int:
        return len(self._window)

    def add(self, day: date, profile: TableProfile) -> None:
        """One more accepted day, newer than all before it."""
        self._window.append((day, profile))
        for name, column in profile.columns.items():
            if column.rows:
                self._frequency.setdefault(name, Counter()).update(column.values)
                self._columns.setdefault(name, deque()).append(column)

    def until(self, day: date) -> "Past":
        """The window as it stands before ``day``; what is older is forgotten."""
        first = day - timedelta(days=self.days)
        while self._window and self._window[0][0] < first:
            _, profile = self._window.popleft()
            for name, column in profile.columns.items():
                if column.rows:
                    self._frequency[name].subtract(column.values)
                    self._columns[name].popleft()
        return self

    @property
    def tables(self) -> tuple[tuple[date, TableProfile], ...]:
        return tuple(self._window)

    def of(self, name: str) -> tuple[ColumnProfile, ...]:
        """What the column held on each day on which it had a value."""
        return tuple(self._columns.get(name, ()))

    def values(self, name: str) -> Counter[Any]:
        """Every value that the column held, with the number of days; those of forgotten days stand at 0."""
        return self._frequency.get(name, Counter())
