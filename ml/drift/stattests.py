"""What Evidently is taught: a test that it does not have, and scores that were counted before it was asked."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from ml.drift.methods import METHODS

if TYPE_CHECKING:
    import pandas

_KNOWN: ContextVar[Mapping[str, float]] = ContextVar("known")


@contextmanager
def counted(scores: Mapping[str, float]) -> Iterator[None]:
    """Inside, Evidently's report has these scores of the columns that are named, and computes the others itself."""
    _teach()
    token = _KNOWN.set(scores)
    try:
        yield
    finally:
        _KNOWN.reset(token)


def taught(column: str, method: str) -> str:
    """The name by which Evidently knows the method for this column: its own, or that of a score already counted."""
    return _counted_name(method) if column in _KNOWN.get() else method


def _counted_name(method: str) -> str:
    return f"{method}, counted"


@cache
def _teach() -> None:
    """Teach Evidently the chi-square test of two samples, and each method once more for scores already counted."""
    from evidently.legacy.calculations.stattests import StatTest, get_stattest, register_stattest
    from evidently.legacy.core import ColumnType

    chi2 = StatTest("chi2_two_sample", "chi-square test of two samples", [ColumnType.Categorical], 0.05)
    register_stattest(chi2, _chi2)
    for method in METHODS.values():
        kinds = [ColumnType.Numerical if kind == "numerical" else ColumnType.Categorical for kind in method.kinds]
        words = get_stattest(None, None, kinds[0], method.name).display_name
        register_stattest(StatTest(_counted_name(method.name), words, kinds), partial(_known, method.name))


def _known(
    method: str, reference: "pandas.Series[Any]", current: "pandas.Series[Any]", kind: Any, threshold: float
) -> tuple[float, bool]:
    """The score that was counted, and the verdict as Evidently's own tests give it."""
    score = _KNOWN.get()[str(current.name)]
    return score, METHODS[method].passed(score, threshold)


def _chi2(
    reference: "pandas.Series[Any]", current: "pandas.Series[Any]", kind: Any, threshold: float
) -> tuple[float, bool]:
    """The chi-square test that knows that the reference is a sample too; Evidently's own does not."""
    import pandas
    from scipy.stats import chi2_contingency  # type: ignore[import-untyped]

    table = pandas.DataFrame({"reference": reference.value_counts(), "current": current.value_counts()}).fillna(0)
    p_value = float(chi2_contingency(table).pvalue) if len(table) > 1 else 1.0
    return p_value, p_value < threshold
