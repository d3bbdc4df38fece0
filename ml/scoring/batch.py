"""What the version in Production says of the coming day's rows, once: in the ledger, and as a file of the lake."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from ml import materialised, training
from ml.days import Span
from ml.errors import TrainingError
from ml.predictions.entries import Entries
from ml.records import Ahead, Prediction, Scored
from ml.seals import seal
from ml.snapshots import plain

if TYPE_CHECKING:
    import polars as pl

    from ml.registry import Served
    from ml.workspace import Run


def score(run: Run, ahead: Ahead) -> Scored | None:
    """Score the rows; None when nothing is in Production yet.

    A day is scored by one version. When it is scored again, that is the version of the first time, and each row keeps
    its name, so that nothing is there twice.

    Raises
    ------
    TrainingError
        The model cannot be loaded or fails, or the version of the first time is gone.
    """
    ledger, place = run.workspace.ledger, run.workspace
    earlier = ledger.predictions(run.name, Span(ahead.ahead, ahead.ahead), roles=["batch"])
    served = _version(run, earlier[0].version) if earlier else place.registry.production(run.name)
    if served is None:
        return None
    rows = with_past(run, served, place.lake.read([ahead.uri]), ahead)
    made = predictions(run, served, rows, ahead)
    ledger.record_predictions(made)
    stored = place.lake.put_frame(as_table(made), run.name, "scored", by=["prediction"])
    return Scored(
        pipeline=run.name,
        day=run.day,
        ahead=ahead.ahead,
        version=served.version,
        rows=stored.rows,
        mean=sum(p.probability for p in made) / len(made),
        uri=stored.uri,
        fingerprint=stored.fingerprint,
    )


def with_past(run: Run, served: Served, rows: pl.DataFrame, ahead: Ahead) -> pl.DataFrame:
    """The rows with the features of the past that are served on that day, as the version was fitted with them."""
    past = materialised.of_model(run, served.model_uri)
    joining = materialised.joining(run, Span(ahead.ahead, ahead.ahead), past)
    return joining(rows.lazy()).collect()


def predictions(run: Run, served: Served, rows: pl.DataFrame, ahead: Ahead) -> list[Prediction]:
    """What a version says of each row, as it is kept."""
    estimator = run.workspace.registry.load_model(served.model_uri)
    said = training.predict(run.pipeline.model.task, estimator, plain(rows))
    entries = Entries(run.pipeline, run.workspace.masking_key)

    def name(row: object) -> str:
        return batch_name(run.name, ahead.as_of, row)

    return entries.of(
        rows.to_dicts(),
        said.tolist(),
        served.version,
        "batch",
        None,
        ahead.as_of,
        lambda row: name(entries.key(row)),
        tuple(estimator.feature_names_in_),
    )


def batch_name(pipeline: str, as_of: datetime, key: object) -> str:
    """The name of a row's prediction, equal whenever it is made: a UUID of version 8 (RFC 9562) that sorts by time."""
    digest = hashlib.sha256(seal("batch", {"pipeline": pipeline, "as_of": as_of, "key": key}).encode()).hexdigest()
    return f"{round(as_of.timestamp() * 1000):012x}8{digest[:3]}8{digest[3:18]}"


def as_table(made: Sequence[Prediction]) -> pl.DataFrame:
    """The predictions as rows: their names, the key, and what was said."""
    import polars as pl

    return pl.DataFrame(
        [
            {
                "prediction": p.id,
                **p.key,
                "event_time": p.event_time,
                "day": p.day,
                "version": p.version,
                "probability": p.probability,
            }
            for p in made
        ],
        infer_schema_length=None,
    )


def _version(run: Run, version: int) -> Served:
    served = run.workspace.registry.version(run.name, version)
    if served is None:
        raise TrainingError(
            f"{run}: version {version} scored this day before, and is not in MLflow any more; its scores stay"
        )
    return served
