"""Predictions of a data day and what became of their rows, joined by the key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ml import intake
from ml.days import Span
from ml.predictions.entries import Entries, fingerprint
from ml.records import Batch, Outcomes, Prediction

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from ml.workspace import Run

KNOWN, WAITING, NEVER, UNMATCHED = "known", "waiting", "never", "unmatched"
SLICE = "slice: "


def join(run: Run, day: date, batch: Batch | None, due: int) -> Outcomes:
    """What became of a day's predictions as the run's night knows it; the joined rows lie in the lake.

    A row without a label waits for one until it is ``due`` days old, then it never gets one: a flight that was
    cancelled, say. A prediction of no accepted row is unmatched; while the day is not accepted at all, it waits, as
    long as nights read a quarantined day again.
    """
    made = run.workspace.ledger.predictions(run.name, Span(day, day))
    rows = _rows(run, batch) if batch else {}
    unlabelled = _unlabelled(run, day, batch, due)
    joined = [_joined(run, prediction, rows, unlabelled) for prediction in made]
    counts = {state: sum(row["state"] == state for row in joined) for state in (KNOWN, WAITING, NEVER, UNMATCHED)}
    stored = run.workspace.lake.put_frame(_frame(run, joined), run.name, "outcomes", by=["prediction"])
    return Outcomes(
        pipeline=run.name,
        day=day,
        night=run.day,
        predictions=len(made),
        batch=batch.fingerprint if batch else None,
        uri=stored.uri,
        fingerprint=stored.fingerprint,
        **counts,
    )


def _unlabelled(run: Run, day: date, batch: Batch | None, due: int) -> dict[bool, str]:
    """What a prediction is that has no label, by whether it has an accepted row."""
    age = (run.day - day).days
    nowhere = UNMATCHED if batch or age > due + intake.READ_AGAIN else WAITING
    return {True: NEVER if age >= due else WAITING, False: nowhere}


def _rows(run: Run, batch: Batch) -> dict[str, Mapping[str, Any]]:
    """The accepted rows by the fingerprint of their key as predictions keep it: label and slices."""
    entries, pipeline = Entries(run.pipeline, run.workspace.masking_key), run.pipeline
    wanted = [*pipeline.source.key, pipeline.model.label, *pipeline.evaluation.slices]
    rows = run.workspace.lake.read([batch.uri])
    present = rows.select([name for name in dict.fromkeys(wanted) if name in rows.columns])
    return {fingerprint(entries.key(row)): row for row in present.to_dicts()}


def _joined(
    run: Run, made: Prediction, rows: Mapping[str, Mapping[str, Any]], unlabelled: Mapping[bool, str]
) -> dict[str, Any]:
    row = rows.get(fingerprint(made.key))
    label = row.get(run.pipeline.model.label) if row else None
    slices = {f"{SLICE}{name}": _text(row.get(name)) if row else None for name in run.pipeline.evaluation.slices}
    return {
        "prediction": made.id,
        "version": made.version,
        "role": made.role,
        "key": fingerprint(made.key),
        "at": made.at.replace(tzinfo=None),
        "event_time": made.event_time,
        "probability": made.probability,
        "label": None if label is None else float(label),
        "state": KNOWN if label is not None else unlabelled[row is not None],
        **slices,
    }


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _frame(run: Run, joined: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    import polars as pl

    schema: dict[str, Any] = {
        "prediction": pl.String,
        "version": pl.Int64,
        "role": pl.String,
        "key": pl.String,
        "at": pl.Datetime("us"),
        "event_time": pl.Datetime("us"),
        "probability": pl.Float64,
        "label": pl.Float64,
        "state": pl.String,
    }
    schema |= {f"{SLICE}{name}": pl.String for name in run.pipeline.evaluation.slices}
    return pl.DataFrame(list(joined), schema=schema)
