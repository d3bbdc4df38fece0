"""What the rows of a data day must look like, and what becomes of those that do not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from ml.profiles import TableProfile, Unjudged, profile
from ml.records import Violation
from ml.rules import days, series
from ml.rules.columns import ColumnRule
from ml.rules.expressions import Check, check_rules
from ml.rules.history import History
from ml.rules.leaks import Leak
from ml.rules.limits import Key, Rows, Share, SomeHours, SomeKey, SomeRows, SomeShare
from ml.rules.partners import Met, Partner
from ml.rules.past import Past
from ml.rules.rows import RowRule, breaches, row_rules
from ml.rules.series import Series
from ml.rules.types import Type, casts, empty, fits, readable
from ml.section import Section

if TYPE_CHECKING:
    import polars as pl

    Broken = list[tuple[RowRule, pl.Series]]

REASONS = "__violations"
RULES = "__rules"


@dataclass(frozen=True)
class Beside:
    """What lies beside a day's rows: the typed rows of the day before, upstream tables of the day, the past.

    All of it may be missing; what needs it is then not judged.
    """

    before: pl.DataFrame | None = None
    partners: tuple[Partner, ...] = ()
    past: Past | None = None


@dataclass(frozen=True)
class Checked:
    """A data day after its check.

    ``accepted`` and ``refused`` rows together are all rows; each refused one carries all its reasons in the column
    ``__violations``, and the keys of those rules in ``__rules``. ``violations`` is every broken rule, those of the day
    first; ``unjudged`` every rule that could not judge. Of a quarantined day no row may be used, not even the accepted
    ones.
    """

    accepted: pl.DataFrame
    refused: pl.DataFrame
    violations: tuple[Violation, ...]
    unjudged: tuple[Unjudged, ...] = ()
    known: TableProfile | None = None

    @property
    def quarantined(self) -> bool:
        """Whether a rule of the whole day is broken."""
        return any(violation.stops for violation in self.violations)

    @cached_property
    def profile(self) -> TableProfile:
        """The accepted rows in numbers."""
        return self.known or profile(self.accepted, refused=self.refused.height)

    @cached_property
    def every(self) -> pl.DataFrame:
        """All rows, the reasons of the refused ones as one text in the column ``__violations``, else null."""
        import polars as pl

        if self.refused.is_empty():
            return self.accepted.hstack(
                [pl.Series(REASONS, [None], dtype=pl.String).new_from_index(0, self.accepted.height)]
            )
        told = self.refused.drop(RULES).with_columns(pl.col(REASONS).list.join("; "))
        return pl.concat([self.accepted, told], how="diagonal")


class Contract(Section):
    """What the rows of a data day must look like.

    Rows that break a row rule are refused while their share stays within ``refused``: the rules of ``columns``,
    ``unique`` and ``checks`` between columns. Beyond it, and when a rule of the whole day breaks (a column missing or
    of another type, nulls beyond their share, fewer rows than ``min_rows``, the newest event more than ``freshness``
    hours before the day's end, ``joins`` that found nothing, a ``leak`` of the label, ``history``), the day is
    quarantined.
    """

    columns: dict[str, ColumnRule] = Field(default_factory=dict)
    unique: SomeKey = Key()
    checks: tuple[Check, ...] = ()
    series: Series | None = None
    min_rows: SomeRows = Rows(value=1)
    refused: SomeShare = Share(value=0.05)
    freshness: SomeHours | None = None
    joins: dict[str, days.Join] = Field(default_factory=dict)
    leak: Leak | None = None
    history: History | None = None

    @model_validator(mode="after")
    def _in_series(self) -> Contract:
        odd = [name for name, rule in self.columns.items() if rule.spike is not None or rule.frozen is not None]
        if odd and self.series is None:
            raise ValueError(f"spike and frozen need a series; say in it how the rows of {odd[0]} follow each other")
        return self

    @property
    def types(self) -> dict[str, Type]:
        """The declared type of each column."""
        return {column: rule.type for column, rule in self.columns.items()}

    @cached_property
    def row_rules(self) -> tuple[RowRule, ...]:
        """The row rules, built once for all days.

        Raises
        ------
        ConfigError
            A pattern is none that polars can match, or an expression cannot be parsed.
        """
        return row_rules(self.columns, self.unique.value) + check_rules(self.checks, self.types)

    def check(
        self,
        frame: pl.DataFrame,
        day: date,
        event_time: str,
        waived: Collection[str] = frozenset(),
        beside: Beside | None = None,
    ) -> Checked:
        """Hold the rows of a day against every rule. Accepted rows have each declared column in its declared type.

        A broken rule whose ``Violation.key`` is ``waived`` is still named, but stops nothing and refuses no row; of a
        column whose type is waived, what reads as that type counts, and the rest is null.

        Raises
        ------
        ConfigError
            A pattern is none that polars can match, or an expression cannot be parsed.
        """
        beside = beside or Beside()
        judged, odd = self._typed(frame)
        of_types = tuple(self._placed(days.other_types(judged, odd, day)))
        judged, odd = _read_anyway(judged, odd, {v.column for v in of_types if v.key in waived})
        met = [found for partner in beside.partners if (found := Met.of(judged, odd, partner))]
        broken = self._broken(judged, odd, met, beside.before)
        refused = _any([rows for rule, rows in broken if rule.key not in waived], frame.height)
        accepted = judged.filter(~refused) if broken else judged
        checked = Checked(self._complete(accepted), _with_reasons(judged, refused, broken), ())
        findings = list(self._against_past(checked, day, beside))
        of_day = (
            *of_types,
            *self._placed(self._of_day(judged, odd, day, event_time)),
            *(violation for each in met for violation in each.unjoined(day)),
            *self._too_many(refused, day),
            *self._placed(f for f in findings if isinstance(f, Violation)),
        )
        of_rows = (rule.violation(judged, rows, f"on {day}") for rule, rows in broken)
        stopping = (v.model_copy(update={"stops": v.key not in waived}) for v in of_day)
        violations = tuple(v.model_copy(update={"why": self.why(v)}) for v in (*stopping, *of_rows))
        unjudged = tuple(f for f in findings if isinstance(f, Unjudged))
        known = checked.profile if self.history else None
        return replace(checked, violations=violations, unjudged=unjudged, known=known)

    def why(self, broken: Violation) -> str:
        """What the owner wrote beside the rule that is broken, or beside its column."""
        name = f"joins {broken.table}" if broken.rule == "joins" else broken.rule
        column = self.columns.get(broken.column or "")
        series = self._whys.get("series") if name in ("spike", "frozen") else None
        own = self._whys.get(name) or self._whys.get(name.partition(".")[0])
        return own or (column.why if column else "") or series or ""

    @cached_property
    def _whys(self) -> dict[str, str]:
        """The owner's reasons by the names of the rules, but for those of columns."""
        names = ("min_rows", "refused", "freshness", "unique", "leak", "history", "series")
        found = {name: getattr(self, name) for name in names}
        found |= {f"check {check.expr}": check for check in self.checks}
        found |= {f"joins {table}": join for table, join in self.joins.items()}
        return {name: rule.why for name, rule in found.items() if rule is not None and rule.why}

    def typed(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with each declared column in its declared type, as far as that changes no value."""
        return self._typed(frame)[0]

    def _typed(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, ColumnRule]]:
        """The frame with the declared columns in their types, and the rules of those that are of another type."""
        there = set(frame.columns)
        present = {column: rule for column, rule in self.columns.items() if column in there}
        others = {column: rule for column, rule in present.items() if not fits(frame[column], rule.type)}
        known = {column: casts(frame[column], rule.type) for column, rule in others.items()}
        odd = {column: rule for column, rule in others.items() if known[column] is None}
        wanted = [cast for cast in known.values() if cast is not None]
        return frame.with_columns(wanted) if wanted else frame, odd

    def _complete(self, accepted: pl.DataFrame) -> pl.DataFrame:
        absent = {column: rule for column, rule in self.columns.items() if column not in accepted.columns}
        nothing = (empty(accepted.height, rule.type).alias(column) for column, rule in absent.items())
        return accepted.with_columns(nothing) if absent else accepted

    def _broken(
        self, frame: pl.DataFrame, odd: dict[str, ColumnRule], met: Sequence[Met], before: pl.DataFrame | None
    ) -> Broken:
        """The row rules that some row breaks, with those rows; columns that are missing or odd cannot be asked."""
        usable = set(frame.columns) - set(odd)
        found = breaches([rule for rule in self.row_rules if usable.issuperset(rule.columns)], frame)
        asked = {column: rule for column, rule in self.columns.items() if column in usable}
        if self.series and usable.issuperset((*self.series.by, self.series.time)):
            found += series.breaches(asked, self.series, frame, before)
        return found + [broken for each in met for broken in each.breaches(frame, asked)]

    def _of_day(
        self, frame: pl.DataFrame, odd: dict[str, ColumnRule], day: date, event_time: str
    ) -> Iterator[Violation]:
        required = (column for column, rule in self.columns.items() if rule.required)
        yield from days.missing(frame, (*required, *self.unique.value, event_time), day)
        yield from days.too_few(frame, self.min_rows.value, day)
        yield from days.null_shares(frame, {c: r for c, r in self.columns.items() if c in frame.columns}, day)
        yield from days.failed_joins(frame, self.joins, day)
        if self.leak is not None:
            yield from self.leak.violations(frame, [column for column in self.columns if column not in odd], day)
        if self.freshness is not None and event_time in frame.columns and event_time not in odd:
            yield from days.stale(frame, event_time, self.freshness.value, day)

    def _against_past(self, checked: Checked, day: date, beside: Beside) -> Iterator[Violation | Unjudged]:
        """What the history rules find; columns that were compared with an upstream table are judged there."""
        if self.history is not None:
            past = beside.past or Past(self.history.days)
            compared = {partner.name for partner in beside.partners}
            names = [column for column, rule in self.columns.items() if rule.history and rule.table not in compared]
            yield from self.history.findings(checked.profile, past, day, names)

    def _placed(self, violations: Iterable[Violation]) -> Iterator[Violation]:
        """The violations with the upstream table of their column."""
        for violation in violations:
            rule = self.columns.get(violation.column or "")
            table = violation.table or (rule.table if rule else None)
            yield violation.model_copy(update={"table": table}) if table else violation

    def _too_many(self, refused: pl.Series, day: date) -> Iterator[Violation]:
        return days.too_many_refused(int(refused.sum()), len(refused), self.refused.value, day)


def _read_anyway(
    frame: pl.DataFrame, odd: dict[str, ColumnRule], columns: Collection[str | None]
) -> tuple[pl.DataFrame, dict[str, ColumnRule]]:
    """The frame with these odd columns read as far as they go, and the others, still odd."""
    if not columns:
        return frame, odd
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

    if not broken:
        none = pl.Series(REASONS, [], dtype=pl.List(pl.String))
        return frame.clear().hstack([none, none.alias(RULES)])
    rows = frame.filter(refused)
    breaks = [(pl.when(breach.filter(refused)), rule) for rule, breach in broken]
    reasons = pl.concat_list(breaks_it.then(rule.reason(refused)) for breaks_it, rule in breaks)
    keys = pl.concat_list(breaks_it.then(pl.lit(rule.key)) for breaks_it, rule in breaks)
    return rows.with_columns(reasons.list.drop_nulls().alias(REASONS), keys.list.drop_nulls().alias(RULES))
