"""Data days and spans of days."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

_SPAN = re.compile(r"^(\d+)([dw])$")


def span_days(value: Any) -> Any:
    """The number of days of a span such as ``7d`` or ``52w``; anything else passes on to the next check."""
    match = _SPAN.match(value) if isinstance(value, str) else None
    if match:
        return int(match[1]) * (7 if match[2] == "w" else 1)
    if isinstance(value, bool | str):
        raise ValueError(f"{value!r} is not a span of days; write for example 7d or 8w")
    return value


Days = Annotated[
    int,
    BeforeValidator(span_days),
    Field(ge=0),
    WithJsonSchema({"type": "string", "pattern": r"^\d+[dw]$", "examples": ["7d", "8w"]}),
]


def _written_as_a_time(value: Any) -> Any:
    if isinstance(value, int | float):
        raise ValueError(f"{value!r} is not a time; write it as HH:MM, for example 02:00")
    return value


def _to_the_minute(value: time) -> time:
    if value.second or value.microsecond or value.tzinfo:
        raise ValueError(f"{value} should be hours and minutes; the timezone has a key of its own")
    return value


# A wall-clock time, to the minute.
Clock = Annotated[
    time,
    BeforeValidator(_written_as_a_time),
    AfterValidator(_to_the_minute),
    WithJsonSchema({"type": "string", "pattern": r"^\d{2}:\d{2}$"}),
]


@dataclass(frozen=True)
class Span:
    """The data days from ``first`` to ``last``, both included."""

    first: date
    last: date

    @classmethod
    def ending(cls, last: date, days: int) -> "Span":
        """The ``days`` days up to and including ``last``."""
        return cls(last - timedelta(days=days - 1), last)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range(self.days))

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


def parse_day(text: str) -> date:
    """The day written as YYYY-MM-DD.

    Raises
    ------
    ConfigError
        The text is not such a day.
    """
    from ml.errors import ConfigError

    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{text!r} is not a day; write it as YYYY-MM-DD, for example 2013-01-31") from error


def night_of(day: date, at: time, timezone: str) -> datetime:
    """When the night of a data day starts: at ``at`` on the morning after it, in ``timezone``."""
    return datetime.combine(day + timedelta(days=1), at, ZoneInfo(timezone))


def newest_day(at: time, timezone: str, now: datetime) -> date:
    """The newest data day whose night has started at ``now`` (aware)."""
    yesterday = now.astimezone(ZoneInfo(timezone)).date() - timedelta(days=1)
    return yesterday if night_of(yesterday, at, timezone) <= now else yesterday - timedelta(days=1)
