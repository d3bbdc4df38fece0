"""What two versions said of the same rows, and what became of these rows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ml.days import Span
from ml.predictions.entries import Entries
from ml.records import Prediction, Tryout
from ml.workspace import Run

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

_AHEAD = 366  # days: how far ahead of the tryout's end the rows may lie that were asked about


@dataclass(frozen=True)
class Pairs:
    """Rows with a label that both versions said something of: the label, what each said, and the row's day."""

    y: "Array"
    candidate: "Array"
    champion: "Array"
    days: "Array"


def pairs(run: Run, tryout: Tryout) -> Pairs:
    """The rows of a tryout whose labels are there, oldest day first.

    A row is known by its source's key. Of several predictions of a version for one row the last one counts. A row
    whose label never comes is in no pair.
    """
    import numpy

    from ml import training

    ledger, task, label = run.workspace.ledger, run.pipeline.model.task, run.pipeline.model.label
    days = Span(tryout.day, tryout.deadline.date() + timedelta(days=_AHEAD))
    batches = ledger.batches(run.name, days, state="accepted")
    said = _both(tryout, ledger.predictions(run.name, days))
    rows = [
        (batch.day, told, outcome)
        for batch in batches
        for told, outcome in _outcomes(run, batch.uri, label, said.get(batch.day, {}))
    ]
    y = training.label(task, _series(label, [outcome for _, _, outcome in rows]))
    one, other = (numpy.array([told[n] for _, told, _ in rows], dtype="float64") for n in (0, 1))
    return Pairs(y, one, other, numpy.array([day for day, _, _ in rows], dtype="datetime64[D]"))


def _series(name: str, values: Sequence[Any]) -> Any:
    import pandas as pd

    return pd.Series(values, name=name, dtype="float64")


def _both(tryout: Tryout, predictions: Iterable[Prediction]) -> dict[date, dict[str, tuple[float, float]]]:
    """What candidate and champion said of each row of which both said something, by the row's day and key."""
    told: dict[tuple[date, str], dict[int, float]] = {}
    for prediction in predictions:
        if prediction.at >= tryout.at and prediction.key:
            own = told.setdefault((prediction.day, _named(prediction.key)), {})
            own[prediction.version] = prediction.probability
    found: dict[date, dict[str, tuple[float, float]]] = {}
    for (day, key), by in told.items():
        if tryout.version in by and tryout.champion_version in by:
            found.setdefault(day, {})[key] = by[tryout.version], by[tryout.champion_version]
    return found


def _outcomes(
    run: Run, uri: str, label: str, said: Mapping[str, tuple[float, float]]
) -> Iterable[tuple[tuple[float, float], Any]]:
    """What was said of each row of a day's file that has a label, and the label."""
    if not said:
        return
    entries = Entries(run.pipeline, run.workspace.masking_key)
    columns = list(dict.fromkeys([*run.pipeline.source.key, label]))
    for row in run.workspace.lake.read([uri], columns).drop_nulls(label).iter_rows(named=True):
        told = said.get(_named(entries.key(row)))
        if told is not None:
            yield told, row[label]


def _named(key: Mapping[str, Any]) -> str:
    return json.dumps(key, sort_keys=True, default=str)
