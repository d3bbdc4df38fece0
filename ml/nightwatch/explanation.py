"""Why a night's rows drifted: the rows of its drift check put before the signs of a diagnosis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from math import inf
from typing import TYPE_CHECKING, Any

from ml.days import Span
from ml.detectors.counts import Counts, Merged
from ml.detectors.distances import distance
from ml.detectors.novel import counted
from ml.diagnosis import Case, doubts, explain
from ml.diagnosis.case import Evidence, Kind
from ml.drift.methods import reached
from ml.nightwatch import thresholds
from ml.nightwatch.history import History, champion
from ml.records import Calibration, Diagnosis, DriftReport, Sign

if TYPE_CHECKING:
    import pandas as pd

    from ml.drift.checks import ColumnCheck

CYCLE, AROUND = timedelta(days=364), timedelta(days=7)
LABELLED_DAYS = 7
GAP = timedelta(days=3)
ANSWERS: Mapping[str, Kind] = {"concept": "concept shift", "label": "label shift"}


def of(history: History, report: DriftReport, calibration: Calibration | None) -> Diagnosis:
    """What the report's alarm looks like, with all signs, and what the owner wants done about it."""
    looked_at = case(history, report, calibration)
    kind, evidence = explain(looked_at)
    told = _told(report)
    if kind == "covariate shift" and told is not None:
        kind, evidence = told.kind, (told, *evidence)
    doubted = doubts(looked_at, kind)
    run = history.run
    return Diagnosis(
        pipeline=run.name,
        day=run.day,
        kind=kind,
        action=run.pipeline.diagnosis.action(kind, doubted),
        profile=next((b.profile for b in history.batches(Span(run.day, run.day))), None),
        evidence=tuple(Sign(**vars(one)) for one in evidence),
        doubts=tuple(doubt.sentence for doubt in doubted),
        hangs_on=tuple(sorted({doubt.day for doubt in doubted if doubt.day})),
    )


def case(history: History, report: DriftReport, calibration: Calibration | None) -> Case:
    """The reference and the current rows of a report, and what is known around them."""
    pipeline = history.run.pipeline
    columns = pipeline.contract.columns
    first = report.current[0]
    return Case(
        reference=_rows(history, Span(*report.reference)),
        current=_rows(history, Span(*report.current)),
        moved=moved(report, pipeline.drift.columns),
        strength=_Strength(pipeline.drift.columns, thresholds.limits(history, calibration)),
        event_time=pipeline.source.event_time,
        columns=tuple(dict.fromkeys((*pipeline.drift.columns, *pipeline.carried))),
        label=pipeline.model.label if pipeline.model.task == "classification" else None,
        tables={name: rule.table for name, rule in columns.items() if rule.table},
        earlier=_earlier(history, Span(first - CYCLE - AROUND, report.current[1] - CYCLE + AROUND)),
        predict=_predict(history),
        labelled=_rows(history, Span.ending(report.day - timedelta(days=pipeline.source.label_delay), LABELLED_DAYS)),
        recent=_recent(history, Span(*report.current)),
    )


def moved(report: DriftReport, columns: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns that passed their threshold, by themselves or in the eyes of a detector that watches one column."""
    named = (column.watched for column in report.columns if column.drifted)
    return tuple(dict.fromkeys(name for name in named if name in columns))


def _told(report: DriftReport) -> Evidence | None:
    """What an alarm of labels alone says by itself, where no sign found more: no input moved."""
    seen = {column.method: column for column in report.columns if column.drifted}
    if not seen or not seen.keys() <= ANSWERS.keys():
        return None
    method = min(seen)
    found = seen[method]
    sentence = f"{found.column} passed its threshold ({found.score:.3g}, from {found.threshold:.3g} on), no input did"
    return Evidence(ANSWERS[method], "the check", 0.5, sentence)


def _rows(history: History, span: Span) -> pd.DataFrame:
    return history.frame(history.batches(span))


def _recent(history: History, current: Span) -> pd.DataFrame | None:
    """The rows of a single current day with those of the accepted day before it, be there a day between them or two."""
    if current.first != current.last:
        return None
    return history.frame(history.batches(Span(current.first - GAP, current.last))[-2:])


def _earlier(history: History, span: Span) -> pd.DataFrame | None:
    rows = _rows(history, span)
    return None if rows.empty else rows


def _predict(history: History) -> Callable[[pd.DataFrame], Any] | None:
    predict = history.replay.place.predict or champion(history.run)
    if predict is None:
        return None

    def of_rows(rows: pd.DataFrame) -> Any:
        import polars as pl

        return predict(pl.from_pandas(rows))

    return of_rows


class _Strength:
    """The drift score of a column in units of its threshold, by the same arithmetic as the check's."""

    def __init__(self, checks: Mapping[str, ColumnCheck], limits: Mapping[str, float]) -> None:
        self.checks, self.limits = checks, limits
        self.counts: dict[tuple[str, int], tuple[pd.DataFrame, Counts]] = {}

    def __call__(self, column: str, before: pd.DataFrame, after: pd.DataFrame) -> float:
        check, limit = self.checks[column], self.limits.get(column)
        sides = [self._counts(column, before, keep=True), self._counts(column, after, keep=False)]
        merged = Merged.of(sides)
        counts = [merged.together([side]) for side in (0, 1)]
        if limit is None or min(side.sum() for side in counts) == 0:
            return 0.0
        score = distance(check.method, merged.values, counts[0], counts[1], check.column_kind == "numerical")
        strength = reached(check.method, float(score), limit)
        return inf if strength is None else strength

    def _counts(self, column: str, frame: pd.DataFrame, keep: bool) -> Counts:
        """Counts of a frame's column; those of a reference are asked for again and again."""
        import polars as pl

        known = self.counts.get((column, id(frame)))
        if known is not None and known[0] is frame:
            return known[1]
        found = counted(pl.from_pandas(frame[[column]]), column, self.checks[column].column_kind)
        if keep:
            self.counts[column, id(frame)] = frame, found
        return found
