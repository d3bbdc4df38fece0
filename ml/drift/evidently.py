"""Drift as Evidently's report sees it, with method and threshold pinned for each column.

Left alone, Evidently changes method, threshold and direction when the reference passes 1,000 rows; so nothing is left
to it but the arithmetic, the verdict and the page. Where the score was counted already, from every row and by the same
arithmetic, the arithmetic is not done again, and the page needs no more rows than its pictures do.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from html import escape
from math import isfinite, isnan
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator

from ml.days import Days
from ml.detectors import Detector
from ml.drift import page, pictures
from ml.drift.checks import ColumnCheck
from ml.drift.columns import Pair, Unfit, pair, without
from ml.drift.detector import BaseDetector, Compared
from ml.drift.methods import METHODS, SMALLEST_P_VALUE
from ml.drift.rate import DaysPerAlarm
from ml.drift.replay import evenly
from ml.drift.stattests import counted, taught
from ml.records import ColumnDrift

if TYPE_CHECKING:
    import pandas

DRAWN = 5_000
NEVER = 1e300
NAN = float("nan")


class EvidentlyDrift(BaseDetector):
    """Compares each named column of the current days with the reference days by one Evidently report.

    A column that cannot be compared at all (missing, there twice, its type changed, not of its kind) counts as
    drifted: the rows are no longer what they were, and a quiet "no" would hide it. So does a column with a threshold
    of its owner's whose share of nulls and infinities moved by more than ``null_jump``, since Evidently drops both in
    silence; where thresholds are calibrated, the detector ``missing`` watches them at the same rate. A column with
    fewer than ``min_rows`` usable values on either side counts as not drifted: so few values say nothing either way.
    ``ColumnDrift.problem`` has the sentence in each of these cases.

    A column without a threshold gets it from a calibration: the nights of the past are scored as tonight is, and the
    whole check alarms as often as ``false_alarms`` says. The night alarms when ``at_least`` columns and detectors
    passed their thresholds on each of the newest ``nights`` nights.
    """

    kind: Literal["evidently"] = "evidently"
    columns: dict[str, ColumnCheck] = Field(
        min_length=1,
        description="The columns to compare, each with its method and threshold.",
        examples=[{"distance": {"method": "wasserstein", "threshold": 0.1}}],
    )
    false_alarms: DaysPerAlarm | None = Field(
        default=None,
        description="How often the whole check may alarm on quiet days. Needed where a column has no threshold.",
    )
    recalibrate: Annotated[Days, Field(ge=1)] = Field(default=28, description="So long a calibration holds.")
    at_least: int = Field(default=1, ge=1, description="So many columns and detectors must pass for an alarm.")
    nights: int = Field(default=1, ge=1, le=14, description="And on so many nights in a row.")
    detectors: tuple[Detector, ...] = Field(
        default=(), description="What else watches the days, each at a calibrated threshold."
    )
    null_jump: float = Field(
        default=0.1, gt=0, le=1, description="How far the share of nulls may move before the column counts as drifted."
    )
    sample: int = Field(
        default=50_000,
        ge=1000,
        description="At most so many rows of each side are compared, of each day an equal share at even distances.",
    )

    @model_validator(mode="after")
    def _thresholds(self) -> "EvidentlyDrift":
        if self.false_alarms is not None:
            return self
        bare = [name for name, check in self.columns.items() if check.threshold is None]
        if bare:
            raise ValueError(f"{', '.join(bare)} has no threshold; give one, or false_alarms, such as 1 per 90 days")
        if self.detectors:
            raise ValueError("detectors have no thresholds of their own; give false_alarms, such as 1 per 90 days")
        return self

    @property
    def given(self) -> dict[str, float]:
        """The thresholds that the owner wrote down."""
        return {name: check.threshold for name, check in self.columns.items() if check.threshold is not None}

    @property
    def rows_of_a_day(self) -> int:
        """So many rows of a day are looked at: the reference as a whole must not pass the owner's ``sample``."""
        return max(self.sample // self.reference, self.min_rows)

    def compare(
        self,
        reference: "pandas.DataFrame",
        current: "pandas.DataFrame",
        thresholds: Mapping[str, float] | None = None,
        left_out: "Mapping[str, pandas.Series[bool]] | None" = None,
        beside: Sequence[ColumnDrift] = (),
        scores: Mapping[str, float] | None = None,
    ) -> Compared:
        """How far each column of ``current`` has moved from ``reference``; the frames are left as they are.

        ``thresholds`` are those of the columns that have none of their owner's; a column without any has a score and
        no verdict. ``left_out`` says which rows of the reference a column is not compared with;
        ``beside`` is what else stands among the verdicts on top of the page.

        ``scores`` are the methods' scores of these rows as they were counted already (see ``ml.drift.replay``): they
        decide, they stand on the page, and 5,000 values of each column and side are enough for its pictures. Of a
        column without one (or with NaN) Evidently computes it, from at most ``sample`` rows.

        The same frames give the same result, page included. With fewer than ``min_rows`` rows on either side every
        column says "not enough rows", none drifted, and there is no page.
        """
        limits = {**(thresholds or {}), **self.given}
        short = self._shortage(reference, current)
        if short:
            return Compared(tuple(self._entry(name, limits, problem=short) for name in self.columns))
        pairs, unfit = self._pairs(reference, current, left_out or {})
        fit = [found for found in pairs if found.comparable]
        known = {found.column: score for found in fit if isfinite(score := (scores or {}).get(found.column, NAN))}
        most = DRAWN if len(known) == len(fit) else self.sample
        verdicts, html = self._report(fit, limits, known, most) if fit else ({}, None)
        entries = {name: self._entry(name, limits, drifted=True, problem=problem) for name, problem in unfit.items()}
        entries |= {found.column: self._verdict(found, verdicts, limits) for found in pairs}
        columns = tuple(entries[name] for name in self.columns)
        sides = ((reference, "reference"), (current, "current"))
        notes = (*(note for frame, role in sides for note in _fewer(frame, role, most)), *_notes(pairs))
        return Compared(columns, html and page.head(html, (*columns, *beside), notes), notes)

    def _shortage(self, reference: "pandas.DataFrame", current: "pandas.DataFrame") -> str | None:
        for frame, role in ((reference, "reference"), (current, "current")):
            if len(frame) < self.min_rows:
                return f"not enough rows: {len(frame)} {role} rows < {self.min_rows}"
        return None

    def _pairs(
        self,
        reference: "pandas.DataFrame",
        current: "pandas.DataFrame",
        left_out: "Mapping[str, pandas.Series[bool]]",
    ) -> tuple[list[Pair], dict[str, str]]:
        """The columns ready to be compared, and of the others the sentence that says why they cannot be."""
        pairs: list[Pair] = []
        unfit: dict[str, str] = {}
        for name, check in self.columns.items():
            jump = self.null_jump if name in self.given else 1.0
            try:
                found = pair(reference, current, name, check.column_kind, self.min_rows, jump)
                pairs.append(without(found, left_out[name], self.min_rows) if name in left_out else found)
            except Unfit as problem:
                unfit[name] = str(problem)
        return pairs, unfit

    def _report(
        self, pairs: Sequence[Pair], limits: Mapping[str, float], known: Mapping[str, float], most: int
    ) -> tuple[dict[str, tuple[float, bool]], str]:
        """Score and verdict of each column by its name, and the page."""
        checks = {escape(found.column): self._limited(found.column, limits) for found in pairs}
        reference = _drawable({found.column: found.reference for found in pairs}, most)
        current = _drawable({found.column: found.current for found in pairs}, most)
        with _quiet(), pictures.filled(), counted({escape(name): score for name, score in known.items()}):
            snapshot = _run(reference, current, checks)
            scores = _scores(snapshot.dict())
            html = page.settle(snapshot.get_html_str(as_iframe=False))
        return {found.column: scores[escape(found.column)] for found in pairs}, html

    def _limited(self, name: str, limits: Mapping[str, float]) -> ColumnCheck:
        """The check with tonight's threshold; without any, one that no score passes."""
        check = self.columns[name]
        never = SMALLEST_P_VALUE if METHODS[check.method].drift == "below" else NEVER
        return check.model_copy(update={"threshold": limits.get(name, never)})

    def _verdict(
        self, found: Pair, scores: Mapping[str, tuple[float, bool]], limits: Mapping[str, float]
    ) -> ColumnDrift:
        if not found.comparable:
            return self._entry(found.column, limits, drifted=found.drifted, problem=found.problem)
        score, drifted = scores[found.column]
        if isnan(score):
            problem = found.problem or "the score is not a number"
            return self._entry(found.column, limits, drifted=True, problem=problem)
        return self._entry(found.column, limits, score, drifted or found.drifted, found.problem)

    def _entry(
        self,
        name: str,
        limits: Mapping[str, float],
        score: float | None = None,
        drifted: bool = False,
        problem: str | None = None,
    ) -> ColumnDrift:
        return ColumnDrift(
            column=name,
            method=self.columns[name].method,
            threshold=limits.get(name),
            score=score,
            drifted=drifted,
            problem=problem,
            beside=False,
        )


def _drawable(columns: "Mapping[str, pandas.Series[Any]]", most: int) -> "pandas.DataFrame":
    """Of each column's values so many at even distances, names and text escaped: the page runs whatever it holds."""
    import pandas

    found = {escape(name): _escaped(_thinned(values, most)) for name, values in columns.items()}
    return pandas.DataFrame(found)


def _thinned(values: "pandas.Series[Any]", most: int) -> "pandas.Series[Any]":
    """At most so many rows; of more, values alone, so that a column of many nulls is not left without any."""
    if len(values) <= most:
        return values
    there = values.dropna()
    return there.take(list(evenly(len(there), most))).reset_index(drop=True)


def _fewer(frame: "pandas.DataFrame", role: str, most: int) -> tuple[str, ...]:
    if len(frame) <= most:
        return ()
    if most == DRAWN:
        return (f"the pictures show {DRAWN} of {len(frame)} {role} rows, at even distances; the scores are of all",)
    return (f"{most} of {len(frame)} {role} rows are compared, at even distances",)


def _notes(pairs: Sequence[Pair]) -> Iterator[str]:
    return (f"{found.column}: {found.note}" for found in pairs if found.note)


def _run(reference: "pandas.DataFrame", current: "pandas.DataFrame", checks: Mapping[str, ColumnCheck]) -> Any:
    from evidently import DataDefinition, Dataset, Report
    from evidently.metrics import ValueDrift

    definition = DataDefinition(
        numerical_columns=[name for name, check in checks.items() if check.column_kind == "numerical"],
        categorical_columns=[name for name, check in checks.items() if check.column_kind == "categorical"],
    )
    # not DataDriftPreset: it computes each column three times, and puts a verdict of its own share rule on the page
    metrics = [
        ValueDrift(column=name, method=taught(name, check.method), threshold=check.threshold)
        for name, check in checks.items()
    ]
    sides = (Dataset.from_pandas(frame, data_definition=definition) for frame in (current, reference))
    return Report(metrics, include_tests=True).run(*sides)


def _scores(report: dict[str, Any]) -> dict[str, tuple[float, bool]]:
    """Score and verdict by column: Evidently keeps the score among its metrics and the verdict among its tests."""
    scores = {metric["config"]["column"]: float(metric["value"]) for metric in report["metrics"]}
    verdicts = {test["metric_config"]["params"]["column"]: test["status"].value for test in report["tests"]}
    return {name: (_rounded(score), verdicts[name] == "FAIL") for name, score in scores.items()}


def _rounded(score: float) -> float:
    """Twelve digits of a score: Evidently adds up sets, so the last ones change from process to process."""
    return float(f"{score:.12g}")


def _escaped(values: "pandas.Series[Any]") -> "pandas.Series[Any]":
    return values.map(cache(escape), na_action="ignore") if values.dtype == object else values


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Evidently's own deprecations and NumPy's complaints about constant columns out of the log."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
