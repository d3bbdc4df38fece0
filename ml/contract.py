"""What the rows of a data day must look like, and what becomes of those that do not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING

from pydantic import Field

from ml.records import Violation
from ml.rules import days
from ml.rules.rows import ColumnRule, RowRule, breaches, row_rules
from ml.rules.types import casts, empty, readable
from ml.section import Section

if TYPE_CHECKING:
    import polars as pl

    Broken = list[tuple[RowRule, pl.Series]]

REASONS = "__violations"
RULES = "__rules"


@dataclass(frozen=True)
class Checked:
    """A data day after its check.

    ``accepted`` and ``refused`` rows together are all rows; each refused one carries all its reasons in the column
    ``__violations``, and the keys of those rules in ``__rules``. ``violations`` is every broken rule, those of the day
    first. Of a quarantined day no row may be used, not even the accepted ones.
    """

    accepted: pl.DataFrame
    refused: pl.DataFrame
    violations: tuple[Violation, ...]

    @property
    def quarantined(self) -> bool:
        """Whether a rule of the whole day is broken."""
        return any(violation.stops for violation in self.violations)


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

    def check(self, frame: pl.DataFrame, day: date, event_time: str, waived: Collection[str] = frozenset()) -> Checked:
        """Hold the rows of a day against every rule. Accepted rows have each declared column in its declared type.

        A broken rule whose ``Violation.key`` is ``waived`` is still named, but stops nothing and refuses no row; of a
        column whose type is waived, what reads as that type counts, and the rest is null.

        Raises
        ------
        ConfigError
            A pattern is none that polars can match.
        """
        judged, odd = self._typed(frame)
        of_types = tuple(days.other_types(judged, odd, day))
        judged, odd = _read_anyway(judged, odd, {v.column for v in of_types if v.key in waived})
        broken = self._broken(judged, odd)
        refused = _any([rows for rule, rows in broken if rule.key not in waived], frame.height)
        of_day = (*of_types, *self._of_day(judged, odd, day, event_time), *self._too_many(refused, day))
        of_rows = (rule.violation(judged, rows, f"on {day}") for rule, rows in broken)
        return Checked(
            accepted=self._complete(judged.filter(~refused)),
            refused=_with_reasons(judged, refused, broken),
            violations=(*(v.model_copy(update={"stops": v.key not in waived}) for v in of_day), *of_rows),
        )

    def _typed(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, ColumnRule]]:
        """The frame with the declared columns in their types, and the rules of those that are of another type."""
        present = {column: rule for column, rule in self.columns.items() if column in frame.columns}
        known = {column: casts(frame[column], rule.type) for column, rule in present.items()}
        odd = {column: rule for column, rule in present.items() if known[column] is None}
        return frame.with_columns(cast for cast in known.values() if cast is not None), odd

    def _complete(self, accepted: pl.DataFrame) -> pl.DataFrame:
        absent = {column: rule for column, rule in self.columns.items() if column not in accepted.columns}
        return accepted.with_columns(empty(accepted.height, rule.type).alias(c) for c, rule in absent.items())

    def _broken(self, frame: pl.DataFrame, odd: dict[str, ColumnRule]) -> Broken:
        """The row rules that some row breaks, with those rows; columns that are missing or odd cannot be asked."""
        usable = set(frame.columns) - set(odd)
        return breaches([rule for rule in self.row_rules if set(rule.columns) <= usable], frame)

    def _of_day(
        self, frame: pl.DataFrame, odd: dict[str, ColumnRule], day: date, event_time: str
    ) -> Iterator[Violation]:
        required = (column for column, rule in self.columns.items() if rule.required)
        yield from days.missing(frame, (*required, *self.unique, event_time), day)
        yield from days.too_few(frame, self.min_rows, day)
        yield from days.null_shares(frame, {c: r for c, r in self.columns.items() if c in frame.columns}, day)
        if self.freshness is not None and event_time in frame.columns and event_time not in odd:
            yield from days.stale(frame, event_time, self.freshness, day)

    def _too_many(self, refused: pl.Series, day: date) -> Iterator[Violation]:
        return days.too_many_refused(int(refused.sum()), len(refused), self.refused, day)


def _read_anyway(
    frame: pl.DataFrame, odd: dict[str, ColumnRule], columns: Collection[str | None]
) -> tuple[pl.DataFrame, dict[str, ColumnRule]]:
    """The frame with these odd columns read as far as they go, and the others, still odd."""
    read = (readable(frame[column], odd[column].type) for column in odd if column in columns)
    return frame.with_columns(*read), {column: rule for column, rule in odd.items() if column not in columns}


def _any(breaches: Sequence[pl.Series], rows: int) -> pl.Series:
    """The rows that break any rule."""
    import polars as pl

    none = pl.repeat(False, rows, dtype=pl.Boolean, eager=True)
    return reduce(or_, breaches, none)


def _with_reasons(frame: pl.DataFrame, refused: pl.Series, broken: Broken) -> pl.DataFrame:
    """The refused rows, each with the sentences and the keys of all rules that it breaks."""
    import polars as pl

    rows = frame.filter(refused)
    if not broken:
        none = pl.lit([], dtype=pl.List(pl.String))
        return rows.with_columns(none.alias(REASONS), none.alias(RULES))
    breaks = [(pl.when(breach.filter(refused)), rule) for rule, breach in broken]
    reasons = pl.concat_list(breaks_it.then(rule.reason()) for breaks_it, rule in breaks)
    keys = pl.concat_list(breaks_it.then(pl.lit(rule.key)) for breaks_it, rule in breaks)
    return rows.with_columns(reasons.list.drop_nulls().alias(REASONS), keys.list.drop_nulls().alias(RULES))
