"""A moment as a person writes it: with or without a zone, or a day alone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ml.errors import ConfigError


@dataclass(frozen=True)
class When:
    """What somebody asked about, from ``start`` up to but not including ``end``; a moment has no ``end``."""

    start: datetime
    end: datetime | None
    said: str

    @classmethod
    def parse(cls, text: str, timezone: str, now: datetime) -> "When":
        """A moment, or a whole day; what names no zone is meant in ``timezone``, and ``said`` says so.

        An hour that a clock change repeats is meant as it comes first; the offset in ``said`` tells which that is.

        Raises
        ------
        ConfigError
            The text is neither, or lies after ``now``.
        """
        zone = ZoneInfo(timezone)
        day = _day(text)
        if day is not None:
            start, end = (datetime.combine(d, time(), zone) for d in (day, day + timedelta(days=1)))
            found = cls(start.astimezone(UTC), end.astimezone(UTC), f"on {day} ({timezone})")
        else:
            moment = _moment(text)
            moment, named = (moment, "") if moment.tzinfo else (moment.replace(tzinfo=zone), f" ({timezone})")
            found = cls(moment.astimezone(UTC), None, f"at {_written(moment)}{named}")
        if found.start > now:
            raise ConfigError(f"{text!r} is still to come: it is {found.start:%Y-%m-%d %H:%M} UTC, {_later(now)}")
        return found


def _later(now: datetime) -> str:
    return f"and now is {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(
            f"{text!r} is no moment; write 2013-06-01, '2013-06-01 08:30' or 2013-06-01T08:30:00+02:00"
        ) from error


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}{f':{moment:%S}' if moment.second else ''} {_offset(moment)}"


def _offset(moment: datetime) -> str:
    text = f"{moment:%z}"
    return "UTC" if text == "+0000" else f"{text[:3]}:{text[3:5]}"
