"""Features as a model was given them, beside the same features computed again from the lake: equal, or skewed.

What the past knew is computed again from the accepted days for the table that served at that moment. What the request
carried is compared with the row of the same key that the night pulled: who sends other values than training sees has a
model that answers another question. Equal means equal to the last digit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from ml import materialised
from ml.days import Span
from ml.features import Definitions
from ml.features.keys import DEFAULT, of_one
from ml.features.online import EVERY
from ml.predictions.entries import Entries, plain
from ml.records import Prediction
from ml.workspace import Run

LAG = timedelta(seconds=2 * EVERY)  # the service looks for a newer table every few seconds
Tables = Mapping[str, Mapping[str, float | None]]


@dataclass
class Skew:
    """One feature: how many predictions were compared, how many differ, and the first that does."""

    feature: str
    where: str
    compared: int = 0
    differ: int = 0
    example: str | None = None

    def add(self, prediction: Prediction, served: Any, again: Sequence[Any]) -> None:
        """Compare a served value with those that would be right: two, while one table takes the other's place."""
        self.compared += 1
        if not any(served == value for value in again):
            self.differ += 1
            self.example = self.example or (
                f"{prediction.id} of {prediction.at:%Y-%m-%d %H:%M} was given {served!r}; {self.where} has {again[0]!r}"
            )


@dataclass(frozen=True)
class Comparison:
    """Looks at a run's predictions, one after the other."""

    run: Run
    found: dict[str, Skew] = field(default_factory=dict)
    known: dict[tuple[date, int], Tables] = field(default_factory=dict)
    taken: dict[int, Definitions] = field(default_factory=dict)

    def look(self, prediction: Prediction, row: Mapping[str, Any] | None) -> None:
        """Compare a prediction's features: those of the past as its version was fitted with them, and the others where
        the lake has its ``row``.
        """
        served, hidden = prediction.features or {}, self.run.pipeline.predictions.hidden
        past = self._past_of(prediction.version)
        known = {**(row or {}), **served, **prediction.key}
        for name, aggregate in past.items():
            if name in served and not hidden & {name, *aggregate.by} and known.keys() >= set(aggregate.by):
                again = [self._past(day, name, known, prediction.version) for day in self._days(prediction)]
                self._of(name, "the past").add(prediction, served[name], again or [None])
        for name in served.keys() - hidden - past.keys() if row is not None else ():
            self._carried(prediction, name, row or {})

    def _carried(self, prediction: Prediction, name: str, row: Mapping[str, Any]) -> None:
        """Compare what a request carried; an aggregate of a version that is gone is in no row of the lake."""
        pipeline, served = self.run.pipeline, prediction.features or {}
        if name in row or name in pipeline.carried:
            value = plain(row.get(name), pipeline.contract.types.get(name))
            self._of(name, "the lake").add(prediction, served[name], [value])

    def _of(self, name: str, where: str) -> Skew:
        return self.found.setdefault(name, Skew(name, where))

    def _days(self, prediction: Prediction) -> Iterator[date]:
        """The nights whose table may have served then: the newest, and the one before while the service changes it."""
        made = [(known.made, known.table.day) for known in self._tables if known.made <= prediction.at]
        newest: list[date] = [day for at, day in made if at <= prediction.at - LAG][-1:]
        yield from dict.fromkeys([*(day for at, day in made if at > prediction.at - LAG), *newest])

    @cached_property
    def _tables(self) -> Sequence[Any]:
        newest, found = datetime.min.date(), []
        for known in self.run.workspace.ledger.feature_tables(self.run.name):
            if known.table.day >= newest:  # an older night that was walked again never served
                newest = known.table.day
                found.append(known)
        return found

    def _past_of(self, version: int) -> Definitions:
        """The aggregates that a version takes; of one that is gone from MLflow nobody knows them any more."""
        if version not in self.taken:
            served = self.run.workspace.registry.version(self.run.name, version)
            self.taken[version] = materialised.of_model(self.run, served.model_uri) if served is not None else {}
        return self.taken[version]

    def _past(self, day: date, name: str, row: Mapping[str, Any], version: int) -> float | None:
        """The feature's value in the table of a night, made again from the accepted days."""
        past = self._past_of(version)
        if (day, version) not in self.known:
            self.known[day, version] = materialised.again(self.run, day, past)
        values, aggregate = self.known[day, version].get(name), past[name]
        key = of_one(row, aggregate.by, self.run.pipeline.contract.types)
        return None if values is None or key is None else values.get(key, values[DEFAULT])


def compare(run: Run, span: Span) -> list[Skew]:
    """The features of the online predictions of some data days, each beside its value computed again.

    Those of the YAML in its order, and then what versions took that it does not name any more. Only predictions that
    were kept with their values say anything; the scores of a batch are made from the lake itself.
    """
    entries = Entries(run.pipeline, run.workspace.masking_key)
    comparison = Comparison(run)
    made = run.workspace.ledger.predictions(run.name, span, roles=["production", "canary", "shadow"])
    rows = _rows(run, entries, span) if made else {}
    for prediction in made:
        if prediction.features and "sha256" not in prediction.features:
            comparison.look(prediction, rows.get(_name(prediction.key)))
    names = dict.fromkeys([*run.pipeline.model.features, *sorted(comparison.found)])
    return [comparison.found[name] for name in names if name in comparison.found]


def _rows(run: Run, entries: Entries, span: Span) -> dict[str, Mapping[str, Any]]:
    """The accepted rows of the span by their key."""
    batches = run.workspace.ledger.batches(run.name, span, state="accepted")
    frames = (run.workspace.lake.read([batch.uri]) for batch in batches)
    return {_name(entries.key(row)): row for frame in frames for row in frame.iter_rows(named=True)}


def _name(key: Mapping[str, Any]) -> str:
    return json.dumps(key, sort_keys=True, default=str)


def sentence(skew: Skew) -> str:
    """What was found of a feature, in one line."""
    if not skew.differ:
        return f"  {skew.feature}: {skew.compared:,} equal to {skew.where}"
    return f"  {skew.feature}: {skew.differ:,} of {skew.compared:,} differ; {skew.example}"
