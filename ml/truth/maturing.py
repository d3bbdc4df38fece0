"""Every night: which days' labels came, what that says of their predictions, and of the version in Production."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ml import past
from ml.days import Span
from ml.records import Batch, Estimated, Matured, Outcomes, Performance
from ml.summary import sentence
from ml.truth import arrival, foretold, joining, realised

if TYPE_CHECKING:
    from ml.workspace import Run

WINDOW = 7


def mature(run: Run) -> Matured:
    """Join what can be joined tonight, measure it, and keep both; once more changes nothing."""
    ledger, delay = run.workspace.ledger, run.pipeline.source.label_delay
    looked = arrival.look(run)
    curve = arrival.curve([*arrival.history(run), *looked])
    due = arrival.due(curve, delay)
    found = [joining.join(run, day, batch, due) for day, batch in changed(run, due)]
    for outcomes in found:
        ledger.record_outcomes(outcomes)
        ledger.record_performance(realised.of_day(run, outcomes, due), run.day)
    version = served(run, due)
    if version is not None:
        if version.first < version.day:  # a single day has its row already, with an interval from its hours
            ledger.record_performance([version], run.day)
        tag(run, version)
    estimated = foretold.keep(run, due)
    if estimated is not None:
        tag_estimate(run, estimated)
    return Matured(
        pipeline=run.name,
        day=run.day,
        looked=looked,
        curve=curve,
        label_delay=delay,
        due=due,
        days=len(found),
        known=sum(each.known for each in found),
        waiting=sum(each.waiting for each in found),
        never=sum(each.never for each in found),
        unmatched=sum(each.unmatched for each in found),
        realised=version,
        estimated=estimated,
    )


def changed(run: Run, due: int) -> list[tuple[date, Batch | None]]:
    """The predicted days up to the run's day of which something is new.

    That is predictions, rows, labels that may come, or that their labels are due since the night that looked before;
    walked again, the night finds what it found.
    """
    ledger = run.workspace.ledger
    predicted = {day: count for day, count in ledger.predicted_days(run.name).items() if day <= run.day}
    if not predicted:
        return []
    span = Span(min(predicted), run.day)
    batches = {batch.day: batch for batch in ledger.batches(run.name, span, state="accepted")}
    known = {each.day: each for each in ledger.outcomes(run.name, span)}
    before = max((day for day in ledger.outputs(run.name, "mature") if day < run.day), default=date.min)
    return [
        (day, batches.get(day))
        for day, count in predicted.items()
        if before < day + timedelta(days=due) <= run.day or _is_new(run, known.get(day), count, batches.get(day))
    ]


def served(run: Run, due: int) -> Performance | None:
    """How the version that served when the night began did on the newest days whose labels are due.

    None when it predicted none yet. What the night itself puts into Production, or rolls back, is measured by the next.
    """
    stands = past.champion(run)
    if stands is None:
        return None
    found = run.workspace.ledger.outcomes(run.name)
    earlier = [each for each in found if each.day <= run.day]
    return realised.of_span(run, earlier, stands.version, realised.role(run), due, window(run))


def window(run: Run) -> int:
    """Of how many days: as many as the trigger looks at, so that what is shown is what decides."""
    drop = run.pipeline.retrain.performance_drop
    return drop.days if drop else WINDOW


def tag(run: Run, found: Performance) -> None:
    """Say on the version in MLflow how it really does; what is unknown says so there too."""
    _tag(run, found.version, "realised", found.metric, found.realised, sentence(found))


def tag_estimate(run: Run, found: Estimated) -> None:
    """Say on the version in MLflow what is expected of it on the newest day that it predicted, or that nobody knows."""
    _tag(run, found.version, "estimated", found.metric, found.value, sentence(found))


def _tag(run: Run, version: int, name: str, metric: str, value: float | None, words: str) -> None:
    registry = run.workspace.registry
    if any(day > run.day for day in run.workspace.ledger.outputs(run.name, "mature")):
        return  # a later night has said more: this one is walked again
    if registry.version(run.name, version) is not None:
        said = "unknown" if value is None else f"{value:.6g}"
        registry.tag(run.name, version, {f"nightshift.{name}_{metric}": said, f"nightshift.{name}": words})


def _is_new(run: Run, known: Outcomes | None, count: int, batch: Batch | None) -> bool:
    if known is None or known.predictions != count or known.waiting or known.night == run.day:
        return True
    return known.batch != (batch.fingerprint if batch else None)
