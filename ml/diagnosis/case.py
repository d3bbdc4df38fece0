"""What a diagnosis looks at: the rows that moved, the rows they moved from, and how far is far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas

    Strength = Callable[[str, pandas.DataFrame, pandas.DataFrame], float]
    Predict = Callable[[pandas.DataFrame], Any]

Kind = Literal["data fault", "mix", "covariate shift", "label shift", "concept shift", "seasonal return"]
DAY, HOUR = "__day", "__hour"


@dataclass(frozen=True)
class Evidence:
    """A sign of one kind of shift. ``weight`` from 0 to 1 says how much it alone proves; from 0.5 on it counts."""

    kind: Kind
    sign: str
    weight: float
    sentence: str
    column: str | None = None


@dataclass(frozen=True)
class Doubt:
    """What keeps a shift from being proven, and the day that it hangs on, if it is one."""

    sentence: str
    day: date | None = None


@dataclass(frozen=True)
class Case:
    """An alarm to be explained.

    ``strength(column, before, after)`` is a column's drift score in units of its threshold: 1 and more alarms.
    ``columns`` are those of the model's inputs that may be looked at, ``moved`` those that alarmed. ``tables`` names
    the upstream table that a column comes from. ``earlier`` are the rows of the same weeks of an earlier cycle, where
    there are any; ``predict`` gives the champion's probability (or number) for each row. ``labelled`` are the newest
    rows whose labels are due, where those of the current rows are not. ``recent`` are the rows of at least two days,
    the current ones among them, where the current rows are of one day.
    """

    reference: "pandas.DataFrame"
    current: "pandas.DataFrame"
    moved: tuple[str, ...]
    strength: "Strength"
    event_time: str
    columns: tuple[str, ...]
    label: str | None = None
    tables: Mapping[str, str] = field(default_factory=dict)
    earlier: "pandas.DataFrame | None" = None
    predict: "Predict | None" = None
    labelled: "pandas.DataFrame | None" = None
    recent: "pandas.DataFrame | None" = None

    @cached_property
    def before(self) -> "pandas.DataFrame":
        """The reference rows with their day and hour."""
        return _dated(self.reference, self.event_time)

    @cached_property
    def after(self) -> "pandas.DataFrame":
        """The current rows with their day and hour."""
        return _dated(self.current, self.event_time)

    @cached_property
    def answered(self) -> "pandas.DataFrame":
        """The newest rows with labels, with their day and hour."""
        return self.after if self.labelled is None else _dated(self.labelled, self.event_time)

    @cached_property
    def lasting(self) -> "pandas.DataFrame":
        """The rows of the newest days by which it is judged whether a shift lasts, with their day and hour."""
        return self.after if self.recent is None else _dated(self.recent, self.event_time)

    @cached_property
    def foretold(self) -> Any:
        """What the champion foretells for each reference row; None without one."""
        return None if self.predict is None else self.predict(self.before)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The numeric columns, moved ones first."""
        from pandas.api.types import is_bool_dtype, is_numeric_dtype

        both = (self.reference, self.current)
        return tuple(
            c
            for c in self._known
            if all(is_numeric_dtype(side[c]) and not is_bool_dtype(side[c]) for side in both)
            and self.reference[c].notna().any()
        )

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The columns that are no numbers, moved ones first."""
        return tuple(c for c in self._known if c not in self.numbers)

    @cached_property
    def _known(self) -> tuple[str, ...]:
        wanted = dict.fromkeys((*self.moved, *self.columns))
        return tuple(c for c in wanted if c in self.reference and c in self.current and c != self.event_time)

    @property
    def moved_numbers(self) -> tuple[str, ...]:
        return tuple(c for c in self.numbers if c in self.moved)

    @property
    def moved_categories(self) -> tuple[str, ...]:
        return tuple(c for c in self.categories if c in self.moved)

    def places(self, most: int = 12) -> tuple[str, ...]:
        """The categorical columns with few values, which name a source: an airport, a shop, a sensor."""
        return tuple(c for c in self.categories if 2 <= self.reference[c].nunique() <= most)

    def would_be(self, column: str, values: Any) -> float:
        """The strength of a column if its current values were these."""
        changed = self.current.copy(deep=False)
        changed[column] = values
        return self.strength(column, self.reference, changed)


def _dated(frame: "pandas.DataFrame", event_time: str) -> "pandas.DataFrame":
    import pandas

    times = pandas.to_datetime(frame[event_time])
    dated = frame.copy(deep=False)
    dated[DAY], dated[HOUR] = times.dt.normalize(), times.dt.hour
    return dated
