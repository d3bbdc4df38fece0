"""One fault in one day: what of it the contract saw."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ml.drills import Injected
from ml.records import Violation

if TYPE_CHECKING:
    import polars as pl

MARK = "__drill"
_CONSEQUENCES = ("refused", "upstream")


@dataclass(frozen=True)
class Judged:
    """What the contract made of the tables of a day: the broken rules, and which of the pipeline's rows it refused.

    ``refused`` are the row's numbers in the order in which they were given.
    """

    violations: tuple[Violation, ...]
    refused: frozenset[int]

    @property
    def stops(self) -> tuple[Violation, ...]:
        """The broken rules of the whole day."""
        return tuple(violation for violation in self.violations if violation.stops)


@dataclass(frozen=True)
class Remedy:
    """Lines of YAML that would have caught a fault, by which rule, and on how many clean days they were tried."""

    yaml: str
    rule: str
    clean_days: int


@dataclass(frozen=True)
class Exercise:
    """A fault that was injected into a copy of a clean day.

    It is ``caught`` when the whole day is stopped by a rule that the clean day keeps, or when at least half of the
    pipeline's damaged rows are refused. ``by`` are all rules that the clean day keeps, or breaks in fewer rows: those
    that stop the day first, and last what follows from others (too many rows refused, rows joined from refused ones).
    """

    kind: str
    day: date
    detail: str
    caught: bool
    by: tuple[str, ...]
    damaged: int
    refused: int
    columns: tuple[str, ...] = ()
    remedy: Remedy | None = None


def exercise(kind: str, day: date, injected: Injected, damaged: pl.Series, clean: Judged, judged: Judged) -> Exercise:
    """The outcome of a fault; ``damaged`` says which of the pipeline's rows of the day it damaged."""
    new = broken_anew(clean.violations, judged.violations)
    struck = frozenset(number for number, hit in enumerate(damaged) if hit)
    refused = len(struck & judged.refused)
    stopped = any(violation.stops for violation in new)
    return Exercise(
        kind=kind,
        day=day,
        detail=injected.detail,
        caught=stopped or (bool(struck) and 2 * refused >= len(struck)),
        by=tuple(dict.fromkeys(rule_name(v) for v in in_order(new))),
        damaged=len(struck),
        refused=refused,
        columns=tuple(dict.fromkeys(column for strike in injected.strikes for column in strike.columns)),
    )


def broken_anew(clean: Collection[Violation], judged: Collection[Violation]) -> list[Violation]:
    """The violations of rules that the clean day keeps, or breaks in fewer rows without being stopped."""
    known = {violation.key: violation.rows for violation in clean}
    stopped = {violation.key for violation in clean if violation.stops}
    return [v for v in judged if v.rows > known.get(v.key, -1) and v.key not in stopped]


def in_order(violations: Collection[Violation]) -> list[Violation]:
    """Rules of the whole day first, then those of rows; last what follows from others.

    When too many rows are refused, what is left is unlike history, whatever was wrong with the rows.
    """
    shrunken = any(violation.rule == "refused" for violation in violations)

    def follows(violation: Violation) -> bool:
        return is_consequence(violation.rule) or (shrunken and violation.rule.startswith("history."))

    return sorted(violations, key=lambda v: (follows(v), not v.stops))


def is_consequence(rule: str) -> bool:
    """Whether a rule, by its name, only says that others were broken: too many refused rows, refused partners."""
    return rule.split(" ")[-1] in _CONSEQUENCES


def rule_name(violation: Violation) -> str:
    """A broken rule in a word or two: the table, the column, the rule.

    >>> rule_name(Violation(column="temp", rule="range", rows=3, sentence="", table="weather"))
    'weather.temp range'
    """
    place = ".".join(part for part in (violation.table, violation.column) if part)
    return f"{place} {violation.rule}".strip()
