"""When labels come: the share that is there after so many days, learned from what each night saw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ml import intake
from ml.days import Span
from ml.records import Looked, Matured, from_json

if TYPE_CHECKING:
    import polars as pl

    from ml.workspace import Run

# How many days beyond the YAML's label_delay a night counts once more.
LATER = 7
ENOUGH = 0.99
FEWEST_DAYS = 5


def look(run: Run) -> tuple[Looked, ...]:
    """How many labels the days have whose rows come tonight, and the LATER days before: read for this alone."""
    delay = run.pipeline.source.label_delay
    recent = Span(run.day - timedelta(days=delay), run.day)
    found = [_counted(run, batch.day, _lake(run, batch.uri)) for batch in run.workspace.ledger.pulls(run.name, recent)]
    older = Span.ending(recent.first - timedelta(days=1), LATER)
    days = intake.read_days(run, run.pipeline.source, older, intake.night(run))
    found += [_counted(run, day, rows) for day, rows in days]
    return tuple(sorted(found, key=lambda each: each.age))


def curve(looked: Iterable[Looked]) -> tuple[tuple[int, float], ...]:
    """(age, share) pairs: of the labels that the days of an age ever got, how many they had by then.

    What a day ever got is what it had when it was looked at last; only days that were looked at again later count.
    """
    newest: dict[date, Looked] = {}
    by_age: dict[int, dict[date, Looked]] = defaultdict(dict)
    for each in looked:
        by_age[each.age][each.day] = each
        if each.day not in newest or newest[each.day].age < each.age:
            newest[each.day] = each
    found = []
    for age, days in sorted(by_age.items()):
        later = [each for each in days.values() if newest[each.day].age > age]
        ever = sum(newest[each.day].labelled for each in later)
        if len(later) >= FEWEST_DAYS and ever:
            found.append((age, sum(each.labelled for each in later) / ever))
    return tuple(found)


def due(curve: Sequence[tuple[int, float]], label_delay: int) -> int:
    """After how many days a row without a label never gets one: when ENOUGH of those that come are there.

    The YAML's ``label_delay`` while the curve does not reach so far.
    """
    reached = [age for age, share in curve if share >= ENOUGH]
    if reached:
        return max(min(reached), label_delay)
    return max((age + 1 for age, _ in curve if age >= label_delay), default=label_delay)


def history(run: Run) -> list[Looked]:
    """What all nights before the run's day saw."""
    found = run.workspace.ledger.outputs(run.name, "mature")
    records = (from_json(output) for day, output in sorted(found.items()) if day < run.day)
    return [each for record in records if isinstance(record, Matured) for each in record.looked]


def sentence(curve: Sequence[tuple[int, float]], label_delay: int) -> str:
    """When labels come, against what the YAML says."""
    if not curve:
        return f"label_delay is {_days(label_delay)}; too few nights have looked to say whether that is right"
    whole = next((n for n, (_, share) in enumerate(curve) if share == 1), len(curve))
    shares = ", ".join(f"{share:.1%} after {_days(age)}" for age, share in curve[: whole + 1])
    at_delay = next((share for age, share in curve if age == label_delay), None)
    reached = min((age for age, share in curve if share >= ENOUGH), default=None)
    told = f"label_delay is {_days(label_delay)}; labels that are there: {shares}"
    if at_delay is not None and at_delay < ENOUGH:
        wanted = _days(reached) if reached is not None else "more days than were looked at"
        return f"{told}. It is too short: {ENOUGH:.0%} are there after {wanted}"
    if reached is not None and reached < label_delay:
        return f"{told}. It could be {_days(reached)}"
    return told


def _counted(run: Run, day: date, rows: pl.DataFrame) -> Looked:
    label = run.pipeline.model.label
    labelled = rows[label].count() if label in rows.columns else 0
    return Looked(day=day, age=(run.day - day).days, rows=rows.height, labelled=labelled)


def _lake(run: Run, uri: str) -> pl.DataFrame:
    return run.workspace.lake.read([uri])


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"
