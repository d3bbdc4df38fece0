"""Estimated performance of what was really predicted, beside what came true: every day of the log, oldest first.

Nothing of it is kept: it follows from predictions and labels, and is made when somebody looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ml.days import Span
from ml.estimated import Day, Terms, estimable, replay
from ml.records import Estimated, Outcomes, Prediction
from ml.truth import maturing, realised
from ml.truth.arrival import curve, due, history

if TYPE_CHECKING:
    import polars as pl

    from ml.workspace import Run

NEWEST = 240
Told = Sequence[tuple[Estimated, float | None]]


def of(run: Run, terms: Terms | None = None) -> Told:
    """Of each day that Production predicted up to the run's day: what was to be expected before its labels came, and
    what they said; None for what they have not said yet.
    """
    task, asked = run.pipeline.model.task, run.pipeline.evaluation.metric
    known = estimable(task)
    metric = asked if asked in known else known[0]
    delay = due(curve(history(run)), run.pipeline.source.label_delay)
    found = [each for each in run.workspace.ledger.outcomes(run.name) if each.day <= run.day][-NEWEST:]
    days = [day for each in found if (day := _day(run, each, delay)) is not None]
    stands = run.workspace.ledger.in_production(run.name)
    every = 1 if task == "classification" else 7
    return list(replay(run.name, stands.version if stands else 0, task, metric, days, delay, terms, every))


def lines(told: Told) -> Iterator[str]:
    """The days whose labels are young, one a line, and how often the interval held so far."""
    shown = [(each, real) for each, real in told if each.interval is not None and real is not None]
    if shown:
        held = sum(each.interval[0] <= real <= each.interval[1] for each, real in shown if each.interval)
        level = shown[-1][0].level
        yield f"  estimates before the labels: {held} of {len(shown)} intervals at {level:g} held what came true"
    for each, real in told:
        if real is None:
            yield f"    {each.day}  {sentence(each)}"


def sentence(estimated: Estimated) -> str:
    """What is expected of a day, or why that is unknown."""
    if estimated.value is None or estimated.interval is None:
        return f"estimated {estimated.metric} unknown: {estimated.why}"
    low, high = estimated.interval
    return f"estimated {estimated.metric} {estimated.value:.4f} ({low:.4f} to {high:.4f})  {estimated.rows} rows"


def _day(run: Run, outcomes: Outcomes, delay: int) -> Day | None:
    """A day's predictions with labels, once they are due, and inputs; None where there are none to be judged by."""
    import polars as pl

    place, role = run.workspace, maturing.role(run)
    if place.ledger.removal(outcomes.uri) is not None:
        return None
    rows = realised.last_word(place.lake.read([outcomes.uri])).filter(pl.col("role") == role)
    if rows.is_empty():
        return None
    made = {p.id: p for p in place.ledger.predictions(run.name, Span(outcomes.day, outcomes.day), roles=[role])}
    young = outcomes.day > run.day - timedelta(days=delay)
    labels = rows["label"].cast(pl.Float64).fill_null(float("nan"))
    return Day(
        day=outcomes.day,
        scores=rows["probability"].to_numpy(),
        labels=(labels * float("nan") if young else labels).to_numpy(),
        inputs=_inputs(run, [made.get(name) for name in rows["prediction"]]),
    )


def _inputs(run: Run, made: Sequence[Prediction | None]) -> pl.DataFrame:
    """The inputs of predictions, as far as the log kept them: numbers and words, each in one type on every day."""
    import polars as pl

    types = run.pipeline.contract.types
    kinds: Mapping[str, Any] = {"string": pl.String, "float": pl.Float64, "int": pl.Float64}
    wanted = {name: kinds[types[name]] for name in run.pipeline.carried if types.get(name) in kinds}
    hidden = {*run.pipeline.predictions.masked, *run.pipeline.predictions.dropped}
    rows = [(each.features or {}) if each is not None else {} for each in made]
    columns = {
        name: pl.Series(name, [row.get(name) for row in rows], dtype=kind, strict=False)
        for name, kind in wanted.items()
        if name not in hidden
    }
    return pl.DataFrame(columns) if columns else pl.DataFrame({"__none": [0.0] * len(rows)})
