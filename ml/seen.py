"""A day as its own night saw it: what the drift check compares, whatever is read of that day later.

A day is read again while its labels come, and each time as everything is known by then: a table that it is joined from
may have changed since. Were such rows the past that tonight is compared with, the shift of tonight would already lie in
them, enter the calibration as a quiet night, and hide the alarm that it should raise. So of a day that is accepted once
more only the labels are taken; its other columns stay as the night knew them that accepted it first. That is also what
the champion saw when it scored the day. A row that is refused by now leaves, as it leaves every reference.

Training is another matter: a snapshot has the newest rows of every day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ml.records import Batch, Seen
from ml.workspace import Run

if TYPE_CHECKING:
    import polars as pl

_PLACE = "__place"


def seen(run: Run, day: Batch, rows: pl.DataFrame, refused: pl.DataFrame, earlier: Batch | None) -> Seen:
    """What the drift check is to see of an accepted day with these ``rows``, and those that are ``refused``.

    ``earlier`` is the day as it was accepted before, None when it was not. In the night of the day itself, as often as
    it is walked, the rows count as they came.
    """
    own = Seen(night=run.day, rows=day.rows, uri=day.uri, fingerprint=day.fingerprint)
    if earlier is None or day.day == run.day:
        return own
    first = earlier.seen or Seen(
        night=day.day, **{name: getattr(earlier, name) for name in ("rows", "uri", "fingerprint")}
    )
    source, label = run.pipeline.source, run.pipeline.model.label
    features = run.workspace.lake.read([first.uri])
    if {c: features.schema.get(c) for c in source.key} != {c: rows.schema.get(c) for c in source.key}:
        return own
    if refused.height:
        features = features.join(refused, on=list(source.key), how="anti", nulls_equal=True, maintain_order="left")
    answered = with_answers(features, rows, source.key, label)
    if answered.equals(rows):
        return own.model_copy(update={"night": first.night})
    stored = run.workspace.lake.put_frame(answered, run.name, "seen", by=source.key)
    return first.model_copy(update=vars(stored))


def with_answers(features: pl.DataFrame, answers: pl.DataFrame, key: tuple[str, ...], label: str) -> pl.DataFrame:
    """The rows of ``features`` in their order, with the labels that ``answers`` has for the same keys, null elsewhere.

    Rows that share a key are taken in the order in which they come.
    """
    import polars as pl

    if label in key or label not in answers.columns:
        return features
    place = pl.int_range(pl.len()).over(key).alias(_PLACE)
    found = (
        features.drop(label, strict=False)
        .with_columns(place)
        .join(
            answers.select(*key, label, place), on=[*key, _PLACE], how="left", nulls_equal=True, maintain_order="left"
        )
    )
    return found.select(list(dict.fromkeys((*features.columns, label))))
