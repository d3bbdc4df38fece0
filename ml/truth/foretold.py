"""Estimated performance of what was really predicted: kept once for each day, and shown beside what came true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ml.days import Span
from ml.estimated import Day, Miss, Terms, estimable, estimate, learn
from ml.records import Estimated, Outcomes, Performance, Prediction
from ml.summary import sentence
from ml.truth import realised

if TYPE_CHECKING:
    import polars as pl
    from matplotlib.figure import Figure

    from ml.ledger import Ledger
    from ml.workspace import Run

NEWEST = 120
Told = Sequence[tuple[Estimated, Performance | None]]
Of = tuple[date, int, str]  # the day, version and role that something is said of


def keep(run: Run, due: int, terms: Terms | None = None) -> Estimated | None:
    """Estimate each predicted day that has no estimate yet, from labels that were due on it; gives the newest day's.

    What is kept of a day stands, however often its night is walked, so that what was expected before the labels came
    can be held against them. A day of which nothing can be said is kept as unknown, with the reason.
    """
    ledger = run.workspace.ledger
    predicted = [each for each in ledger.outcomes(run.name) if each.day <= run.day][-NEWEST:]
    days, known = _Days(run, predicted), _real(ledger, run.name, Span(date.min, run.day))
    kept = {each.day: each for each, _ in told(run)}
    for outcomes in predicted:
        if outcomes.day not in kept and (read := days.of(outcomes)) is not None:
            last = outcomes.day - timedelta(days=due)
            misses = list(_misses([kept[day] for day in sorted(kept) if day <= last], known))
            found = _estimated(run, read, days.labelled(last, (terms or Terms()).window), misses, due, terms)
            ledger.record_estimate(found, run.day)
            kept[found.day] = found
    return kept.get(predicted[-1].day) if predicted else None


def told(run: Run) -> Told:
    """The kept estimates of the metric and the role by which Production is judged, up to the run's day."""
    about = (metric(run), realised.role(run))
    found = beside(run.workspace.ledger, run.name, Span(date.min, run.day))
    return [(each, real) for each, real in found if (each.metric, each.role) == about]


def beside(ledger: Ledger, pipeline: str, span: Span) -> Told:
    """Each kept estimate with how the same version really did on that day, as it is known now; oldest day first."""
    real = _real(ledger, pipeline, span)
    return [(each, real.get(_of(each))) for each in ledger.estimates(pipeline, span)]


def newest(ledger: Ledger, pipeline: str, last: date) -> Told:
    """Up to NEWEST days up to ``last``, of the metric and the role that were estimated last; for a page."""
    found = beside(ledger, pipeline, Span.ending(last, NEWEST))
    return [(e, real) for e, real in found if (e.metric, e.role) == (found[-1][0].metric, found[-1][0].role)]


def came(estimated: Estimated, real: Performance | None) -> float | None:
    """What the labels said of the metric that was estimated; None while that is unknown."""
    return real.metrics.get(estimated.metric) if real is not None and real.state == "known" else None


def lines(told: Told) -> Iterator[str]:
    """The days whose labels are young, one a line, and how often the interval held so far."""
    both = [(each, real) for each, performance in told if (real := came(each, performance)) is not None]
    shown = [(each, real) for each, real in both if each.interval is not None]
    if shown:
        held = sum(each.interval[0] <= real <= each.interval[1] for each, real in shown if each.interval)
        level = shown[-1][0].level
        yield f"  estimates before the labels: {held} of {len(shown)} intervals at {level:g} held what came true"
    for each, performance in told:
        if came(each, performance) is None:
            yield f"    {sentence(each)}"


def drawn(told: Told) -> Figure:
    """Both on one picture, with their intervals."""
    from ml.estimated.picture import picture

    real = {each.day: found for each, found in told if found is not None and found.metric == each.metric}
    intervals = {day: found.interval for day, found in real.items() if found.interval is not None}
    return picture([(each, came(each, found)) for each, found in told], intervals=intervals)


def metric(run: Run) -> str:
    """The metric that is estimated: that of the evaluation where that can be, else the first of those that can."""
    known, asked = estimable(run.pipeline.model.task), run.pipeline.evaluation.metric
    return asked if asked in known else known[0]


def _real(ledger: Ledger, pipeline: str, span: Span) -> Mapping[Of, Performance]:
    whole = (p for p in ledger.performance(pipeline, span) if p.first == p.day and p.column is None)
    return {_of(each): each for each in whole}


def _of(each: Estimated | Performance) -> Of:
    return each.day, each.version, each.role


def _misses(kept: Iterable[Estimated], real: Mapping[Of, Performance]) -> Iterator[Miss]:
    """How far each guess lay from what the labels said of the same version and day."""
    for each in kept:
        if each.guess is not None and (true := came(each, real.get(_of(each)))) is not None:
            yield Miss(each.day, each.guess, true)


@dataclass
class _Days:
    """The predicted days of a run with their rows, each read when it is asked for."""

    run: Run
    predicted: Sequence[Outcomes]
    read: dict[date, tuple[int, Day] | None] = field(default_factory=dict)

    def of(self, outcomes: Outcomes) -> tuple[int, Day] | None:
        """The version that said most, and the day; None where nothing is left of it."""
        if outcomes.day not in self.read:
            self.read[outcomes.day] = _day(self.run, outcomes)
        return self.read[outcomes.day]

    def labelled(self, last: date, count: int) -> list[Day]:
        """The newest ``count`` days up to ``last`` that have labels."""
        found = [each for each in self.predicted if each.day <= last and each.known][-count:]
        return [day for each in found if (read := self.of(each)) is not None for day in read[1:]]


def _estimated(
    run: Run, read: tuple[int, Day], labelled: Sequence[Day], misses: Sequence[Miss], due: int, terms: Terms | None
) -> Estimated:
    """What was to be expected of the day by the labels that were due on it."""
    version, today = read
    learned = learn(run.pipeline.model.task, metric(run), labelled, terms or Terms())
    found = estimate(run.name, version, metric(run), learned, today, misses, terms, due)
    return found.model_copy(update={"role": realised.role(run)})


def _day(run: Run, outcomes: Outcomes) -> tuple[int, Day] | None:
    """The version that said most of a day's rows, and its predictions, labels and inputs; None where there are none."""
    import polars as pl

    place, role = run.workspace, realised.role(run)
    if place.ledger.removal(outcomes.uri) is not None:
        return None
    rows = realised.last_word(place.lake.read([outcomes.uri])).filter(pl.col("role") == role)
    if rows.is_empty():
        return None
    version = int(rows["version"].mode().max())  # type: ignore[arg-type]
    rows = rows.filter(pl.col("version") == version)
    made = {p.id: p for p in place.ledger.predictions(run.name, Span(outcomes.day, outcomes.day), roles=[role])}
    return version, Day(
        day=outcomes.day,
        scores=rows["probability"].to_numpy(),
        labels=rows["label"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
        inputs=_inputs(run, [made.get(name) for name in rows["prediction"]]),
    )


def _inputs(run: Run, made: Sequence[Prediction | None]) -> pl.DataFrame:
    """The inputs of predictions, as far as the log kept them: numbers and words, each in one type on every day."""
    import polars as pl

    types = run.pipeline.contract.types
    kinds: Mapping[str, Any] = {"string": pl.String, "float": pl.Float64, "int": pl.Float64}
    wanted = {name: kinds[types[name]] for name in run.pipeline.carried if types.get(name) in kinds}
    hidden = run.pipeline.predictions.hidden
    rows = [(each.features or {}) if each is not None else {} for each in made]
    columns = {
        name: pl.Series(name, [row.get(name) for row in rows], dtype=kind, strict=False)
        for name, kind in wanted.items()
        if name not in hidden
    }
    return pl.DataFrame(columns) if columns else pl.DataFrame({"__none": [0.0] * len(rows)})
