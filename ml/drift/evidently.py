"""Drift as Evidently's report sees it, with method and threshold pinned for each column.

Left alone, Evidently changes method, threshold and direction when the reference passes 1,000 rows; so nothing is left
to it but the arithmetic, the verdict and the page.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from html import escape
from math import isnan
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, field_validator, model_validator

from ml.drift import page
from ml.drift.columns import Pair, Unfit, pair
from ml.drift.detector import BaseDetector, Compared
from ml.drift.methods import METHODS, Kind
from ml.records import ColumnDrift
from ml.section import Section

if TYPE_CHECKING:
    import pandas

SAMPLE_SEED = 0


class ColumnCheck(Section):
    """How one column is compared: by which method, and from which score on it has drifted.

    ``kind`` says numerical or categorical where the method can do both; left out, psi, jensenshannon, hellinger and
    kl_div compare categories.
    """

    method: str = Field(
        description="How the two samples are compared. " + "; ".join(f"{m.name}: {m.idea}" for m in METHODS.values()),
        json_schema_extra={"enum": list(METHODS)},
    )
    threshold: float = Field(gt=0, description="Distances drift at or above it, p-values below it.", examples=[0.1])
    kind: Kind | None = None

    @field_validator("method")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in METHODS:
            near = get_close_matches(value, METHODS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"{value!r} is not a known method{hint} (known: {', '.join(METHODS)})")
        return value

    @model_validator(mode="after")
    def _possible(self) -> "ColumnCheck":
        method = METHODS[self.method]
        if self.threshold >= method.limit:
            raise ValueError(f"{self.threshold:g} is never reached: {self.method} stays below {method.limit:g}")
        if self.kind and self.kind not in method.kinds:
            raise ValueError(f"{self.method} compares {method.kinds[0]} columns, not {self.kind} ones")
        return self

    @property
    def column_kind(self) -> Kind:
        return self.kind or METHODS[self.method].kinds[0]


class EvidentlyDrift(BaseDetector):
    """Compares each named column of the current days with the reference days by one Evidently report.

    A column that cannot be compared at all (missing, there twice, its type changed, not of its kind) counts as
    drifted: the rows are no longer what they were, and a quiet "no" would hide it. So does a column whose share of
    nulls and infinities moved by more than ``null_jump``, since Evidently drops both in silence. A column with fewer
    than ``min_rows`` usable values on either side counts as not drifted: so few values say nothing either way.
    ``ColumnDrift.problem`` has the sentence in each of these cases.
    """

    kind: Literal["evidently"] = "evidently"
    columns: dict[str, ColumnCheck] = Field(
        min_length=1,
        description="The columns to compare, each with its method and threshold.",
        examples=[{"distance": {"method": "wasserstein", "threshold": 0.1}}],
    )
    null_jump: float = Field(
        default=0.1, gt=0, le=1, description="How far the share of nulls may move before the column counts as drifted."
    )
    sample: int = Field(
        default=50_000, ge=1000, description="The report sees at most so many rows of each side, by a fixed seed."
    )

    def compare(self, reference: "pandas.DataFrame", current: "pandas.DataFrame") -> Compared:
        """How far each column of ``current`` has moved from ``reference``; the frames are left as they are.

        The same frames give the same result, page included. With fewer than ``min_rows`` rows on either side every
        column says "not enough rows", none drifted, and there is no page.
        """
        short = self._shortage(reference, current)
        if short:
            return Compared(tuple(self._entry(name, problem=short) for name in self.columns))
        pairs, entries = self._pairs(reference, current)
        fit = [found for found in pairs if found.comparable]
        scores, html = self._report(fit) if fit else ({}, None)
        entries |= {found.column: self._verdict(found, scores) for found in pairs}
        columns = tuple(entries[name] for name in self.columns)
        notes = (*self._sampling(reference, "reference"), *self._sampling(current, "current"), *_notes(pairs))
        return Compared(columns, html and page.head(html, columns, notes), notes)

    def _shortage(self, reference: "pandas.DataFrame", current: "pandas.DataFrame") -> str | None:
        for frame, role in ((reference, "reference"), (current, "current")):
            if len(frame) < self.min_rows:
                return f"not enough rows: {len(frame)} {role} rows < {self.min_rows}"
        return None

    def _pairs(
        self, reference: "pandas.DataFrame", current: "pandas.DataFrame"
    ) -> tuple[list[Pair], dict[str, ColumnDrift]]:
        pairs: list[Pair] = []
        unfit: dict[str, ColumnDrift] = {}
        for name, check in self.columns.items():
            try:
                pairs.append(pair(reference, current, name, check.column_kind, self.min_rows, self.null_jump))
            except Unfit as problem:
                unfit[name] = self._entry(name, drifted=True, problem=str(problem))
        return pairs, unfit

    def _report(self, pairs: Sequence[Pair]) -> tuple[dict[str, tuple[float, bool]], str]:
        """Score and verdict of each column by its name, and the page."""
        checks = {escape(found.column): self.columns[found.column] for found in pairs}
        reference = self._drawable({found.column: found.reference for found in pairs})
        current = self._drawable({found.column: found.current for found in pairs})
        with _quiet():
            snapshot = _run(reference, current, checks)
            scores = _scores(snapshot.dict())
            html = page.settle(snapshot.get_html_str(as_iframe=False))
        return {found.column: scores[escape(found.column)] for found in pairs}, html

    def _drawable(self, columns: "Mapping[str, pandas.Series[Any]]") -> "pandas.DataFrame":
        """At most ``sample`` rows, with names and text escaped: Evidently's page runs whatever it holds."""
        import pandas

        frame = pandas.DataFrame(dict(columns))
        if len(frame) > self.sample:
            frame = frame.sample(n=self.sample, random_state=SAMPLE_SEED).reset_index(drop=True)
        return frame.apply(_escaped).rename(columns=escape)

    def _sampling(self, frame: "pandas.DataFrame", role: str) -> tuple[str, ...]:
        if len(frame) <= self.sample:
            return ()
        return (f"{self.sample} of {len(frame)} {role} rows are compared, drawn with seed {SAMPLE_SEED}",)

    def _verdict(self, found: Pair, scores: Mapping[str, tuple[float, bool]]) -> ColumnDrift:
        if not found.comparable:
            return self._entry(found.column, drifted=found.drifted, problem=found.problem)
        score, drifted = scores[found.column]
        if isnan(score):
            return self._entry(found.column, drifted=True, problem=found.problem or "the score is not a number")
        return self._entry(found.column, score, drifted or found.drifted, found.problem)

    def _entry(
        self, name: str, score: float | None = None, drifted: bool = False, problem: str | None = None
    ) -> ColumnDrift:
        check = self.columns[name]
        return ColumnDrift(
            column=name, method=check.method, threshold=check.threshold, score=score, drifted=drifted, problem=problem
        )


def _notes(pairs: Sequence[Pair]) -> Iterator[str]:
    return (f"{found.column}: {found.note}" for found in pairs if found.note)


def _run(reference: "pandas.DataFrame", current: "pandas.DataFrame", checks: Mapping[str, ColumnCheck]) -> Any:
    from evidently import DataDefinition, Dataset, Report
    from evidently.metrics import ValueDrift

    _register_chi2()
    definition = DataDefinition(
        numerical_columns=[name for name, check in checks.items() if check.column_kind == "numerical"],
        categorical_columns=[name for name, check in checks.items() if check.column_kind == "categorical"],
    )
    # not DataDriftPreset: it computes each column three times, and puts a verdict of its own share rule on the page
    metrics = [
        ValueDrift(column=name, method=check.method, threshold=check.threshold) for name, check in checks.items()
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


def _register_chi2() -> None:
    """Teach Evidently a chi-square test that knows that the reference is a sample too."""
    from evidently.legacy.calculations.stattests import StatTest, register_stattest
    from evidently.legacy.core import ColumnType

    chi2 = StatTest("chi2_two_sample", "chi-square test of two samples", [ColumnType.Categorical], 0.05)
    register_stattest(chi2, _chi2)


def _chi2(
    reference: "pandas.Series[Any]", current: "pandas.Series[Any]", kind: Any, threshold: float
) -> tuple[float, bool]:
    import pandas
    from scipy.stats import chi2_contingency  # type: ignore[import-untyped]

    table = pandas.DataFrame({"reference": reference.value_counts(), "current": current.value_counts()}).fillna(0)
    p_value = float(chi2_contingency(table).pvalue) if len(table) > 1 else 1.0
    return p_value, p_value < threshold


def _escaped(values: "pandas.Series[Any]") -> "pandas.Series[Any]":
    return values.map(escape, na_action="ignore") if values.dtype == object else values


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Evidently's own deprecations and NumPy's complaints about constant columns out of the log."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
