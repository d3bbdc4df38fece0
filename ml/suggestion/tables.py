"""What can be learned of a table as a whole: its key, its rows, its order in time, its joins, its history."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

from ml.profiles import Unjudged
from ml.rules.history import History
from ml.rules.past import Past
from ml.rules.series import Series
from ml.suggestion import numbers
from ml.suggestion.columns import Learned
from ml.suggestion.evidence import Evidence

if TYPE_CHECKING:
    import polars as pl

    from ml.upstream import UpstreamTable

_FEWEST_PAIRS = 1000
_ALIKE = 0.6
_MOST_CHECKS = 6


def rows(evidence: Evidence) -> Iterator[Learned]:
    """The key, and how many rows a day has at least; how many may be refused, and when the last one comes."""
    source, counts = evidence.source, [(table.came, day) for day, table in evidence.days]
    fewest, when = min(counts)
    yield Learned("min_rows", numbers.below(max(1, 0.6 * fewest)), f"{when} had the fewest, {fewest:,}")
    twice = evidence.rows.select(source.key).is_duplicated().sum()
    if twice:
        yield Learned("unique", None, f"{twice:,} rows share their {', '.join(source.key)} with another")
    else:
        yield Learned("unique", list(source.key), f"no two of {evidence.rows.height:,} rows are alike in it")
    whole = evidence.rows.height + evidence.refused
    yield Learned("refused", 0.05, f"{evidence.refused:,} of {whole:,} rows were refused on these days")
    yield from _freshness(evidence)


def _freshness(evidence: Evidence) -> Iterator[Learned]:
    newest = evidence.rows.group_by(evidence.rows[evidence.source.event_time].dt.date().alias("day")).agg(
        last=_col(evidence.source.event_time).max()
    )
    gaps = [
        ((datetime.combine(day + timedelta(days=1), time()) - last) / timedelta(hours=1), day)
        for day, last in newest.rows()
    ]
    worst, when = max(gaps)
    limit = numbers.above(max(1.0, 1.25 * worst))
    if limit < 24:
        yield Learned("freshness", limit, f"the last row of {when} came {worst:.1f} hours before midnight")
    else:
        yield Learned("freshness", None, f"the last row of {when} came {worst:.1f} hours before midnight")


def series(evidence: Evidence) -> Series | None:
    """How rows follow each other: as the YAML says, or, where the key is a time and a place, as that does."""
    if evidence.contract.series is not None:
        return evidence.contract.series
    key, when = evidence.source.key, evidence.source.event_time
    others = tuple(column for column in key if column != when)
    if when not in key or not others or evidence.rows.select(key).is_duplicated().any():
        return None
    ordered = evidence.rows.sort([*others, when])
    steps = ordered.select(_col(when).diff().over(others).dt.total_seconds() / 3600).to_series().drop_nulls()
    usual: Any = steps.median()
    regular = usual is not None and usual > 0 and (steps == usual).mean()
    return Series(by=others, time=when, apart=2 * usual) if regular and regular > 0.8 else None


def order(evidence: Evidence, compared: Collection[str]) -> Iterator[Learned]:
    """Pairs of columns of which one was never above the other, where that says more than their bounds.

    Columns that are ``compared`` with an upstream table are asked there; pairs that a check names are known.
    """
    floats = [c for c in evidence.rows.columns if evidence.rows.schema[c].is_float() and c not in compared]
    frame = evidence.rows.select(floats)
    known = [set(re.findall(r"\w+", check.expr)) for check in evidence.contract.checks]
    pairs = [pair for pair in permutations(floats, 2) if not any(set(pair) <= names for names in known)]
    found = [learned for pair in pairs if (learned := _never_above(frame, *pair))]
    yield from (learned for _, learned in sorted(found, key=lambda ranked: -ranked[0])[:_MOST_CHECKS])
    if len(found) > _MOST_CHECKS:
        yield Learned("checks", None, f"{len(found) - _MOST_CHECKS} more pairs of columns were always in one order")


def _never_above(frame: pl.DataFrame, low: str, high: str) -> tuple[float, Learned] | None:
    both = frame.select(low, high).drop_nulls()
    if both.height < _FEWEST_PAIRS or (both[low] > both[high]).any():
        return None
    highest: Any = both[low].max()
    lowest: Any = both[high].min()
    alike: Any = both.select(_corr(low, high)).item()
    if highest <= lowest or alike is None or not alike > _ALIKE:
        return None
    return alike, Learned(
        "expr", f"{low} <= {high}", f"so in all {both.height:,} rows, and they move together ({alike:.2f})"
    )


def history(evidence: Evidence, compared: Collection[str]) -> tuple[list[Learned], dict[str, str]]:
    """The history rules, and the columns that they would have stopped a day for, with the reason."""
    rules, odd = History(), dict[str, str]()
    stopped: Counter[str] = Counter()
    past = Past(rules.days)
    for day, table in evidence.days:
        names = [column for column in table.columns if column not in compared]
        for finding in rules.findings(table, past.until(day), day, names):
            if isinstance(finding, Unjudged):
                continue
            stopped[finding.rule] += 1
            if finding.column:
                odd.setdefault(finding.column, finding.sentence)
        past.add(day, table)
    if len(evidence.days) <= rules.minimum:
        days = f"{len(evidence.days)} accepted days, and {rules.minimum} are needed before it judges one"
        return [Learned("history", None, days)], {}
    of_day = {
        rule.removeprefix("history."): n for rule, n in stopped.items() if rule in ("history.rows", "history.copy")
    }
    off = [
        Learned(rule, "off", f"it would have stopped {n} of {len(evidence.days)} days") for rule, n in of_day.items()
    ]
    return off, odd


def partners(own: Evidence, other: Evidence, table: UpstreamTable) -> Learned:
    """The largest share of a day's rows that found no partner in an upstream table."""
    names = {mine: theirs for theirs, mine in table.joined_on.items()}
    missing = [name for name in names if name not in own.rows.columns]
    if missing:
        return Learned("unjoined", None, f"{', '.join(missing)} is not among the rows of {own.name}")
    known = other.rows.select(names.values()).unique()
    lonely = own.rows.join(known, left_on=list(names), right_on=list(names.values()), how="anti")
    when = _col(own.source.event_time).dt.date().alias("day")
    worst, day = _worst(_by_day(lonely, when), _by_day(own.rows, when))
    return Learned("unjoined", numbers.share(worst), f"at most {worst:.1%} of a day, on {day}")


def joins(evidence: Evidence) -> Iterator[tuple[str, Learned]]:
    """For each look-up that the YAML names, the largest share that failed on a day."""
    for name, join in evidence.contract.joins.items():
        rows = evidence.rows.filter(_col(join.key).is_not_null()) if join.key else evidence.rows
        when = _col(evidence.source.event_time).dt.date().alias("day")
        failed, asked = _by_day(rows.filter(_col(join.column).is_null()), when), _by_day(rows, when)
        worst, day = _worst(failed, asked)
        yield name, Learned("missing", numbers.share(worst), f"at most {worst:.1%} of a day, on {day}")


def _worst(part: dict[date, int], whole: dict[date, int]) -> tuple[float, date]:
    """The largest share of a day, and the first day that had it."""
    day = max(sorted(whole), key=lambda day: part.get(day, 0) / whole[day])
    return part.get(day, 0) / whole[day], day


def _by_day(frame: pl.DataFrame, when: pl.Expr) -> dict[date, int]:
    return dict(frame.group_by(when).len().iter_rows())


def _col(name: str) -> pl.Expr:
    import polars as pl

    return pl.col(name)


def _corr(one: str, other: str) -> pl.Expr:
    import polars as pl

    return pl.corr(one, other)
