"""What retrains gave so far, day by day: beside the version that was replaced, and beside one that nobody retrained."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from ml.errors import NoData
from ml.figures import COLORS, FAINT, blank, styled
from ml.worth.report import Report

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ml.records import Promotion, Weighed

LINES = (("replaced", "champion", "beside the version replaced"), ("stale", "challenger", "beside nobody retraining"))


def picture(report: Report, weighed: Sequence[Weighed], book: Sequence[Promotion]) -> Figure:
    """The gain added up over matured days, oldest first, without any cost; a dotted line for each move of Production.

    Raises
    ------
    NoData
        No day says what a retrain gave.
    """
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    sums = {against: _added_up(report, [w for w in weighed if w.against == against]) for against, *_ in LINES}
    if not any(sums.values()):
        raise NoData(f"{report.pipeline}: no day says yet what a retrain gave; there is nothing to draw")
    figure = blank(9.0, 3.6)
    axes = styled(figure.subplots(), "Gain of retrains so far, before costs", "data day", report.unit)
    days: list[Any] = sorted({day for found in sums.values() for day, _ in found})
    for against, color, label in LINES:
        axes.plot(*_drawn(sums[against]), color=COLORS[color], linewidth=1.8, marker="o", markersize=3, label=label)
    for move in (m for m in book if days[0] - timedelta(days=7) <= m.day <= days[-1] and m.previous):
        at: Any = move.day
        axes.axvline(at, color=FAINT, linewidth=0.9, linestyle=":")
        axes.text(at, 1.0, f" {move.version}", transform=axes.get_xaxis_transform(), va="top", color=FAINT, fontsize=8)
    axes.axhline(0, color=FAINT, linewidth=0.8)
    locator = AutoDateLocator()  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    axes.legend(frameon=False, fontsize=8, loc="best")
    return figure


def _added_up(report: Report, weighed: Sequence[Weighed]) -> list[tuple[date, float]]:
    """The sum up to each day that is known."""
    gains = [(w.day, w.rows, report.plan.value.gain(w, report.metric)) for w in weighed]
    known = [(day, rows * per_row) for day, rows, per_row in gains if per_row is not None]
    return list(zip((day for day, _ in known), accumulate(value for _, value in known), strict=True))


def _drawn(found: Sequence[tuple[date, float]]) -> tuple[Any, Any]:
    return [day for day, _ in found], [value for _, value in found]
