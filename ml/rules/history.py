"""History rules: a day beside the accepted days before it.

A rule that has too little history does not judge; it says so (``Unjudged``) instead of passing in silence.

*Scale* asks whether a column still has the unit that it had. Two signs must meet. A day's values are new: tenths of
degrees Fahrenheit do not fall on those of Celsius, nor miles on kilometres. And its level has moved: the mean lies
many robust deviations (1.4826 times the median absolute deviation, Hampel, *The influence curve and its role in
robust estimation*, 1974) from the median of the seven days before; the deviations are those that each day of the
window has from the seven before it, so that a season, which moves slowly, is no deviation. Fog moves the level of the
visibility by thirty deviations, with values that have all been seen; a low that nobody has seen is new, and moves the
level of the pressure by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from statistics import median

from pydantic import Field

from ml.profiles import ColumnProfile, TableProfile, Unjudged
from ml.records import Violation
from ml.rules.past import Past
from ml.rules.shares import faded
from ml.section import Section

_SEASON = 7
_DEVIATION = 1.4826
_LEAST_MOVE = 0.02
_STRANGE, _NEW, _HALF = 0.8, 0.9, 0.5
_SETTLED, _SETTLED_DAYS = 0.25, 28
_SAME_WEEKDAYS = 3

Finding = Violation | Unjudged


class History(Section):
    """What a day must have in common with the accepted days before it. A key that is null is not asked.

    ``days`` is how far back it looks, ``minimum`` how many accepted days it needs to judge at all. ``rows``: at least
    this share of the median of the same weekday's rows, and at most its inverse. ``nulls``: how much larger a column's
    share of nulls may be than on any of those days. ``distinct``: the fewest distinct values, as a share of the fewest
    of any of those days. ``values``: the largest share of rows with a text that none of those days had, or of the rows
    whose usual text is gone. ``shares``: how far the odds of a text in a tenth of the rows may fall, as a part of those
    on the same weekdays. ``scale``: how many robust deviations a number's daily mean or spread may move when its
    values are new as well; a third is enough when nine tenths of them are. ``copy``: whether a day that holds exactly
    what an earlier one held is refused.
    """

    days: int = Field(default=56, ge=7)
    minimum: int = Field(default=14, ge=7)
    rows: float | None = Field(default=0.5, gt=0, lt=1)
    nulls: float | None = Field(default=0.2, ge=0, le=1)
    distinct: float | None = Field(default=0.25, gt=0, le=1)
    values: float | None = Field(default=0.05, gt=0, le=1)
    shares: float | None = Field(default=0.55, gt=0, lt=1)
    scale: float | None = Field(default=8, gt=0)
    copied: bool = Field(default=True, alias="copy")
    why: str = ""

    def findings(self, today: TableProfile, past: Past, day: date, columns: Iterable[str]) -> Iterator[Finding]:
        """Every rule that the day breaks, and every one that had too little history to judge."""
        if len(past) < self.minimum:
            yield Unjudged(rule="history", why=f"{len(past)} accepted days before {day}, fewer than {self.minimum}")
            return
        if self.rows is not None:
            yield from _rows(today, past, day, self.rows)
        if self.copied:
            yield from _copy(today, past, day, columns := tuple(columns))
        for name in columns:
            if name in today.columns:
                yield from self._of_column(name, today.columns[name], past, day)

    def _of_column(self, name: str, today: ColumnProfile, past: Past, day: date) -> Iterator[Finding]:
        known = past.of(name)
        if len(known) < self.minimum:
            why = f"{name} had values on {len(known)} of the accepted days before {day}, fewer than {self.minimum}"
            yield Unjudged(rule="history", column=name, why=why)
            return
        if self.nulls is not None:
            yield from _nulls(name, today, past, day, self.nulls)
        if not today.rows:
            return
        if self.distinct is not None:
            yield from _distinct(name, today, past, day, self.distinct)
        if self.values is not None and today.kind == "text":
            yield from _values(name, today, past, day, self.values)
        if self.shares is not None and today.kind == "text":
            yield from faded(name, today, past, day, self.shares)
        if self.scale is not None and today.kind != "text":
            yield from _scale(name, today, past, day, self.scale)


def _broken(rule: str, column: str | None, rows: int, sentence: str) -> Violation:
    return Violation(column=column, rule=f"history.{rule}", rows=rows, sentence=sentence)


def _rows(today: TableProfile, past: Past, day: date, share: float) -> Iterator[Finding]:
    same = [profile.came for other, profile in past.tables if other.weekday() == day.weekday()]
    weekday = f"{day:%A}"
    if len(same) < _SAME_WEEKDAYS:
        yield Unjudged(rule="history.rows", why=f"{len(same)} accepted {weekday}s before {day}, fewer than 3")
        return
    usual = median(same)
    if not share * usual <= today.came <= usual / share:
        limits = f"{share * usual:,.0f} to {usual / share:,.0f}"
        sentence = f"{today.came:,} rows on {day}, where {len(same)} {weekday}s had {usual:,.0f}; outside {limits}"
        yield _broken("rows", None, today.came, sentence)


def _copy(today: TableProfile, past: Past, day: date, columns: tuple[str, ...]) -> Iterator[Finding]:
    """A day that holds, its times apart, exactly what an earlier day held."""
    told = [c for c in columns if c in today.columns and today.columns[c].kind != "time"]
    if max((today.columns[c].distinct for c in told), default=0) < _SEASON:
        return
    for other, profile in past.tables:
        if profile.rows == today.rows and all(profile.columns.get(c) == today.columns[c] for c in told):
            sentence = f"the {today.rows:,} rows of {day} hold exactly what those of {other} held"
            yield _broken("copy", None, today.rows, sentence)
            return


def _nulls(name: str, today: ColumnProfile, past: Past, day: date, more: float) -> Iterator[Finding]:
    most = past.most_nulls(name)
    if today.null_share > most + more:
        share = f"{name}: {today.nulls:,} values on {day} are null, {today.null_share:.2%}"
        sentence = f"{share}; on no day of {len(past.of(name))} before it were more than {most:.2%}"
        yield _broken("nulls", name, today.nulls, sentence)


def _distinct(name: str, today: ColumnProfile, past: Past, day: date, share: float) -> Iterator[Finding]:
    fewest = past.fewest_distinct(name)
    if today.distinct < share * fewest:
        sentence = f"{name}: {today.distinct:,} distinct values on {day}; {len(past.of(name))} days before it had"
        yield _broken("distinct", name, today.rows, f"{sentence} {fewest:,} or more")


def _values(name: str, today: ColumnProfile, past: Past, day: date, limit: float) -> Iterator[Finding]:
    known = past.of(name)
    if not (today.complete and past.counted(name) == len(known)):
        return
    strange, share = _strangers(name, today, past)
    if share > limit and share > 2 * _habit(name, past):
        shown = ", ".join(f"{value!r:.40}" for value in strange[:3])
        sentence = (
            f"{name}: {share:.2%} of the values on {day} are new to the {len(known)} days before, such as {shown}"
        )
        yield _broken("values", name, round(share * today.rows), sentence)
    lost = _usual(name, known, past, set(today.values))
    if sum(lost.values()) > limit:
        shown = ", ".join(f"{value!r:.40}" for value in list(lost)[:3])
        sentence = f"{name}: {shown}, usually {sum(lost.values()):.2%} of the values, not there on {day}"
        yield _broken("values", name, 0, sentence)


def _usual(name: str, known: Sequence[ColumnProfile], past: Past, there: set[object]) -> dict[object, float]:
    """The values of more than half of the days that are not ``there``, each with its median share of the rows."""
    often = [value for value, days in past.values(name).items() if value not in there and days > len(known) / 2]
    shares = [dict(zip(column.values, column.counts, strict=True)) for column in known] if often else []
    rows = [column.rows for column in known]
    return {value: median(share.get(value, 0) / n for share, n in zip(shares, rows, strict=True)) for value in often}


def _strangers(name: str, today: ColumnProfile, past: Past) -> tuple[list[object], float]:
    """The values that no day of the past had, and their share of the rows."""
    seen = past.values(name)
    strange = [(value, n) for value, n in zip(today.values, today.counts, strict=True) if not seen[value]]
    return [value for value, _ in strange], sum(n for _, n in strange) / today.rows


def _habit(name: str, past: Past) -> float:
    """The largest share of values on one day of the past that no other of its days had."""
    return max((_alone(name, column, past) for column in past.of(name)), default=0.0)


def _alone(name: str, column: ColumnProfile, past: Past) -> float:
    seen = past.values(name)
    return sum(n for value, n in zip(column.values, column.counts, strict=True) if seen[value] == 1) / column.rows


def _scale(name: str, today: ColumnProfile, past: Past, day: date, limit: float) -> Iterator[Finding]:
    known = past.of(name)
    repeats = today.complete and 2 * past.counted(name) > len(known)
    new = _strangers(name, today, past)[1] if repeats else 1.0
    if new < _HALF:
        return
    level = _moved(today.mean, [column.mean for column in known])
    spread = _moved(today.std, [column.std for column in known])
    enough = limit / 3 if repeats and new >= _NEW else limit
    strange = [f"{new:.0%} of its values are new to the {len(known)} days before"] if repeats else []
    if level is None:
        yield Unjudged(rule="history.scale", column=name, why=f"{name} has never varied in the {len(known)} days")
    elif abs(level) > enough:
        yield _rescaled(name, today, day, [*strange, _words("mean", today.mean, level)])
    elif spread is not None and abs(spread) > limit:
        yield _rescaled(name, today, day, [*strange, _words("spread", today.std, spread)])
    elif repeats and new >= _STRANGE and len(known) >= _SETTLED_DAYS and _habit(name, past) <= _SETTLED:
        yield _rescaled(name, today, day, strange)


def _rescaled(name: str, today: ColumnProfile, day: date, signs: list[str]) -> Violation:
    sentence = f"{name} on {day}: {', and '.join(signs)}; is it in another unit?"
    return _broken("scale", name, today.rows, sentence)


def _words(what: str, value: float | None, deviations: float) -> str:
    side = "above" if deviations > 0 else "below"
    return f"its {what} {value:.4g} lies {abs(deviations):.1f} robust deviations {side} the usual"


def _moved(today: float | None, before: list[float | None]) -> float | None:
    """How many robust deviations today's figure lies from the last seven days'; None where that cannot be said."""
    known = [value for value in before if value is not None]
    if today is None or len(known) <= _SEASON:
        return None
    base = median(known[-_SEASON:])
    usual = median(abs(known[n] - median(known[n - _SEASON : n])) for n in range(_SEASON, len(known)))
    scale = max(_DEVIATION * usual, _LEAST_MOVE * abs(base))
    return (today - base) / scale if scale else None
