"""Day rules: what a data day must keep as a whole. Each gives the violations of its kind; none is no objection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING

from pydantic import Field

from ml.records import Violation
from ml.rules.columns import ColumnRule
from ml.rules.types import misfit, typed
from ml.section import Section

if TYPE_CHECKING:
    import polars as pl


class Join(Section):
    """A table that the query looks things up in: ``column`` is null where the look-up failed.

    ``missing`` is the largest share of failed look-ups among the rows whose ``key`` is not null (of all, without one).
    """

    column: str
    key: str | None = None
    missing: float = Field(default=0.2, ge=0, le=1)
    why: str = ""


def missing(frame: pl.DataFrame, needed: Iterable[str], day: date) -> Iterator[Violation]:
    """Columns that upstream no longer sends, each with the nearest name that it does send."""
    for column in dict.fromkeys(needed):
        if column not in frame.columns:
            near = get_close_matches(column, frame.columns, 1)
            hint = f"; the nearest column that is there is {near[0]}" if near else ""
            yield _violation(column, "required", frame.height, f"{column} is missing on {day}{hint}")


def other_types(frame: pl.DataFrame, odd: Mapping[str, ColumnRule], day: date) -> Iterator[Violation]:
    """Columns that are of another type than declared."""
    for column, promised in odd.items():
        sentence = f"{column} on {day} {misfit(frame[column], promised.type)}"
        yield _violation(column, "type", frame.height, sentence)


def too_few(frame: pl.DataFrame, min_rows: int, day: date) -> Iterator[Violation]:
    """Fewer rows than a day has at least."""
    if frame.height < min_rows:
        sentence = f"{frame.height:,} rows on {day}, fewer than min_rows {min_rows:,}"
        yield _violation(None, "min_rows", frame.height, sentence)


def null_shares(frame: pl.DataFrame, columns: Mapping[str, ColumnRule], day: date) -> Iterator[Violation]:
    """Columns with a larger share of nulls than allowed."""
    for column, promised in columns.items():
        nulls = frame[column].null_count()
        if frame.height and nulls / frame.height > promised.nulls:
            share = f"{nulls:,} of {frame.height:,} values on {day} are null, {nulls / frame.height:.2%}"
            yield _violation(column, "nulls", nulls, f"{column}: {share}, more than nulls {promised.nulls:.2%}")


def failed_joins(frame: pl.DataFrame, joins: Mapping[str, Join], day: date) -> Iterator[Violation]:
    """Tables in which a larger share of look-ups failed than allowed."""
    for table, join in joins.items():
        if join.column not in frame.columns or (join.key and join.key not in frame.columns):
            continue
        found = frame[join.column] if join.key is None else frame[join.column].filter(frame[join.key].is_not_null())
        failed, asked = found.null_count(), len(found)
        if asked and failed / asked > join.missing:
            share = f"{failed:,} of {asked:,} look-ups on {day} found nothing in {table}"
            limit = f"{failed / asked:.2%}, more than missing {join.missing:.2%}"
            yield _violation(None, "joins", failed, f"{share}, {limit}").model_copy(update={"table": table})


def stale(frame: pl.DataFrame, event_time: str, hours: float, day: date) -> Iterator[Violation]:
    """A newest event that lies more than ``hours`` before the day's end: the rest of the day has not arrived."""
    times = typed(frame[event_time], "datetime")
    if times is None:
        yield _violation(
            event_time, "type", frame.height, f"{event_time} on {day} {misfit(frame[event_time], 'datetime')}"
        )
        return
    newest = times.max()
    if isinstance(newest, datetime) and _hours_before_end(newest, day) > hours:
        missing = f"{_hours_before_end(newest, day):.1f} hours before the end of the day, more than freshness {hours:g}"
        yield _violation(
            event_time, "freshness", 0, f"{event_time}: the newest event is of {newest:%Y-%m-%d %H:%M}, {missing}"
        )


def too_many_refused(refused: int, rows: int, limit: float, day: date) -> Iterator[Violation]:
    """A larger share of refused rows than allowed."""
    if rows and refused / rows > limit:
        sentence = (
            f"{refused:,} of {rows:,} rows on {day} are refused, {refused / rows:.2%}, more than refused {limit:.2%}"
        )
        yield _violation(None, "refused", refused, sentence)


def _violation(column: str | None, rule: str, rows: int, sentence: str) -> Violation:
    return Violation(column=column, rule=rule, rows=rows, sentence=sentence)


def _hours_before_end(newest: datetime, day: date) -> float:
    return (datetime.combine(day + timedelta(days=1), time()) - newest) / timedelta(hours=1)
