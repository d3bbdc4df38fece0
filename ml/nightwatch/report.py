"""Tonight's report: Evidently's columns and the detectors beside them, each at its threshold, and the alarm.

A night of the past and tonight are scored alike, from the same counts of the same days, so tonight is held against
thresholds of its own kind to the last digit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import isnan
from typing import TYPE_CHECKING, Any

from ml import attachments
from ml.calibration.check import FEWEST_NIGHTS
from ml.calibration.tails import Tail
from ml.days import Span
from ml.detectors.windows import Night, night
from ml.nightwatch import thresholds
from ml.nightwatch.history import History
from ml.records import Batch, Calibration, ColumnDrift, DriftReport

if TYPE_CHECKING:
    import pandas as pd

    from ml.drift.replay import Scores

TOO_YOUNG = f"fewer than {FEWEST_NIGHTS} past nights have such a score; it cannot alarm yet"
NOT_CALIBRATED = "without a calibration columns without a threshold of their own cannot alarm"


def tonight(history: History, calibration: Calibration | None) -> DriftReport:
    """Compare the current days with the reference days before them.

    Raises
    ------
    ConfigError
        The calibration belongs to other settings than the pipeline has now.
    """
    if calibration is not None:
        thresholds.refuse_foreign(history, calibration)
    run, plan = history.run, history.run.pipeline.drift
    current = Span.ending(run.day, plan.current)
    reference = Span.ending(current.first - timedelta(days=1), plan.reference)
    limits = thresholds.limits(history, calibration)
    before, now = history.batches(reference), history.batches(current)
    scores = _scores(history)
    beside = _detected(history, scores, limits, calibration)
    left_out = _left_out(history, before, now)
    counted = {name: float(scores[name][-1]) for name in history.replay.checks}
    compared = plan.compare(history.frame(before), history.frame(now), limits, left_out, beside, counted)
    columns: Sequence[ColumnDrift] = (*compared.columns, *beside)
    columns = _with_p_values(history, calibration, columns)
    passed = _lasting(history, columns, scores, limits)
    return DriftReport(
        pipeline=run.name,
        day=run.day,
        reference=(reference.first, reference.last),
        current=(current.first, current.last),
        reference_rows=sum(batch.rows for batch in before),
        current_rows=sum(batch.rows for batch in now),
        columns=columns,
        html=attachments.drift_page(run, compared.html),
        alarm=passed >= plan.at_least,
        calibration=calibration.uri if calibration else None,
        notes=_notes(calibration),
    )


def _left_out(history: History, before: Sequence[Batch], now: Sequence[Batch]) -> dict[str, pd.Series[bool]]:
    """Of the columns that look at some of the reference days alone, the rows that they do not look at."""
    import pandas as pd

    days = [batch.day for batch in (*before, *now)]
    whole = Night(history.run.day, tuple(range(len(before))), tuple(range(len(before), len(days))))
    found = {}
    for name, check in history.replay.checks.items():
        if check.given or check.reference:
            kept = set(whole.given(days, check.given, check.reference).reference)
            rows = [min(batch.rows, history.most) for batch in before]
            found[name] = pd.Series([p not in kept for p, count in enumerate(rows) for _ in range(count)], dtype=bool)
    return found


def _scores(history: History) -> Scores:
    """The scores of tonight and, where an alarm must last, of the nights before it; tonight's are the last."""
    run, plan = history.run, history.run.pipeline.drift
    days = history.summed(history.batches(Span.ending(run.day, plan.reference + plan.current + plan.nights - 1)))
    dates = [day.day for day in days]
    asked = [run.day - timedelta(days=back) for back in reversed(range(plan.nights))]
    return history.replay.scores(days, [night(dates, day, plan.reference, plan.current) for day in asked])


def _detected(
    history: History, scores: Scores, limits: Mapping[str, float], calibration: Calibration | None
) -> list[ColumnDrift]:
    """What the detectors beside the columns found tonight."""
    place, day = history.replay.place, history.run.day
    young = TOO_YOUNG if calibration is not None and calibration.ready else None
    return [
        _entry(detector.kind, name, float(scores[name][-1]), limits.get(name), detector.silent(day, place), young)
        for detector in history.replay.detectors
        for name in detector.names(place)
    ]


def _entry(
    kind: str, name: str, score: float, limit: float | None, silent: str, young: str | None = None
) -> ColumnDrift:
    """``silent`` says why there is no score, ``young`` why there is no threshold, where there is none."""
    known = not isnan(score)
    return ColumnDrift(
        column=name,
        method=kind,
        threshold=limit,
        score=score if known else None,
        drifted=known and limit is not None and score >= limit,
        problem=silent if not known else young if limit is None else None,
        beside=True,
    )


def _with_p_values(
    history: History, calibration: Calibration | None, columns: Sequence[ColumnDrift]
) -> tuple[ColumnDrift, ...]:
    """Each score with how often a quiet night goes as far."""
    if calibration is None or not calibration.ready:
        return tuple(columns)
    fitted = {name: Tail(**tail) for name, tail in thresholds.tails(history, calibration).items()}  # type: ignore[arg-type]
    scales = history.replay.scales()

    def rare(name: str, score: float | None) -> float | None:
        return fitted[name].p_value(scales[name].spread(score)) if score is not None and name in fitted else None

    return tuple(column.model_copy(update={"p_value": rare(column.column, column.score)}) for column in columns)


def _lasting(history: History, columns: Sequence[ColumnDrift], scores: Scores, limits: Mapping[str, float]) -> int:
    """How many columns drifted tonight and, where an alarm must last, on the nights before."""
    scales = history.replay.scales()

    def lasted(column: ColumnDrift) -> bool:
        if column.score is None or column.column not in scores or column.column not in limits:
            return True
        scale = scales[column.column]
        limit: Any = scale.spread(limits[column.column])
        return all(scale.spread(float(score)) >= limit for score in scores[column.column][:-1])

    return sum(column.drifted and lasted(column) for column in columns)


def _notes(calibration: Calibration | None) -> tuple[str, ...]:
    if calibration is None:
        return ()
    return (calibration.sentence,) if calibration.ready else (f"{calibration.sentence}; {NOT_CALIBRATED}",)
