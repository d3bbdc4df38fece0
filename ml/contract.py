"""What the rows of a data day must look like, and what becomes of those that do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import Field

from ml.records import Violation
from ml.rules import days
from ml.rules.rows import ColumnRule, RowRule, row_rules
from ml.rules.types import empty, typed
from ml.section import Section

if TYPE_CHECKING:
    import polars as pl

    Broken = list[tuple[RowRule, pl.Series]]

REASONS = "__violations"


@dataclass(frozen=True)
class Checked:
    """A data day after its check.

    ``accepted`` and ``refused`` rows together are all rows; each refused one carries all its reasons in the column
    ``__violations``. ``violations`` is every broken rule, those of the day first. Of a quarantined day no row may be
    used, not even the accepted ones.
    """

    accepted: pl.DataFrame
    refused: pl.DataFrame
    violations: tuple[Violation, ...]
    quarantined: bool


class Contract(Section):
    """What the rows of a data day must look like.

    Rows that break a row rule are refused while their share stays within ``refused``. Beyond it, and when a rule of
    the whole day breaks (a column missing or of another type, nulls beyond their share, fewer rows than ``min_rows``,
    the newest event more than ``freshness`` hours before the day's end), the day is quarantined.
    """

    columns: dict[str, ColumnRule] = Field(default_factory=dict)
    unique: tuple[str, ...] = ()
    min_rows: int = Field(default=1, ge=0)
    refused: float = Field(default=0.05, ge=0, le=1)
    freshness: float | None = Field(default=None, gt=0)

    @cached_property
    def row_rules(self) -> tuple[RowRule, ...]:
        """The row rules, built once for all days."""
        return row_rules(self.columns, self.unique)

    def check(self, frame: pl.DataFrame, day: date, event_time: str) -> Checked:
        """Hold the rows of a day against every rule. Accepted rows have each declared column in its declared type.

        Raises
        ------
        ConfigError
            A pattern is none that polars can match.
        """
        judged, odd = self._typed(frame)
        broken = self._broken(judged, odd)
        refused = _any([rows for _, rows in broken], frame.height)
        of_day = (*self._of_day(judged, odd, day, event_time), *self._too_many(refused, day))
        of_rows = (rule.violation(judged.filter(rows), frame.height, f"on {day}") for rule, rows in broken)
        return Checked(
            accepted=self._complete(judged.filter(~refused)),
            refused=_with_reasons(judged, refused, broken),
            violations=(*of_day, *of_rows),
            quarantined=bool(of_day),
        )

    def _typed(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, ColumnRule]]:
        """The frame with the declared columns in their types, and the rules of those that are of another type."""
        present = {column: rule for column, rule in self.columns.items() if column in frame.columns}
        casts = {column: typed(frame[column], rule.type) for column, rule in present.items()}
        odd = {column: rule for column, rule in present.items() if casts[column] is None}
        return frame.with_columns(cast for cast in casts.values() if cast is not None), odd

    def _complete(self, accepted: pl.DataFrame) -> pl.DataFrame:
        absent = {column: rule for column, rule in self.columns.items() if column not in accepted.columns}
        return accepted.with_columns(empty(accepted.height, rule.type).alias(c) for c, rule in absent.items())

    def _broken(self, frame: pl.DataFrame, odd: dict[str, ColumnRule]) -> Broken:
        """The row rules that some row breaks, with those rows; columns that are missing or odd cannot be asked."""
        usable = set(frame.columns) - set(odd)
        breaches = ((rule, ~rule.holds(frame)) for rule in self.row_rules if set(rule.columns) <= usable)
        return [(rule, rows) for rule, rows in breaches if rows.any()]

    def _of_day(
        self, frame: pl.DataFrame, odd: dict[str, ColumnRule], day: date, event_time: str
    ) -> Iterator[Violation]:
        required = (column for column, rule in self.columns.items() if rule.required)
        yield from days.missing(frame, (*required, *self.unique, event_time), day)
        yield from days.other_types(frame, odd, day)
        yield from days.too_few(frame, self.min_rows, day)
        yield from days.null_shares(frame, {c: r for c, r in self.columns.items() if c in frame.columns}, day)
        if self.freshness is not None and event_time in frame.columns and event_time not in odd:
            yield from days.stale(frame, event_time, self.freshness, day)

    def _too_many(self, refused: pl.Series, day: date) -> Iterator[Violation]:
        return days.too_many_refused(int(refused.sum()), len(refused), self.refused, day)


def _any(breaches: Sequence[pl.Series], rows: int) -> pl.Series:
    import polars as pl

    none = pl.repeat(False, rows, dtype=pl.Boolean, eager=True)
    return (
        pl.DataFrame([none.alias("none"), *(b.alias(str(n)) for n, b in enumerate(breaches))])
        .select(pl.any_horizontal(pl.all()))
        .to_series()
    )


def _with_reasons(frame: pl.DataFrame, refused: pl.Series, broken: Broken) -> pl.DataFrame:
    import polars as pl

    flags = [f"__breaks_{n}" for n in range(len(broken))]
    marked = frame.with_columns(rows.alias(flag) for flag, (_, rows) in zip(flags, broken, strict=True))
    reasons = [pl.when(flag).then(rule.reason()) for flag, (rule, _) in zip(flags, broken, strict=True)]
    listed = pl.concat_list(reasons).list.drop_nulls() if reasons else pl.lit([], dtype=pl.List(pl.String))
    return marked.filter(refused).with_columns(listed.alias(REASONS)).drop(flags)
