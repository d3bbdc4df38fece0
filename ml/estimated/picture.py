"""Realised and estimated performance on one picture: what was expected before the labels came, and what they said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from ml.figures import COLORS, FAINT, blank, styled
from ml.records import Estimated

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NEWEST, FEWEST = 120, 14
_GAP = float("nan")
Ends = Mapping[date, tuple[float, float]]


def picture(
    told: Sequence[tuple[Estimated, float | None]], title: str | None = None, intervals: Ends | None = None
) -> Figure:
    """The newest days: the band is the interval of each estimate, a line the estimates, dots what labels said.

    A dot outside its band is red; where the estimate is unknown the ground is grey, and there is no band.
    ``intervals`` are those of what labels said, by day: a bar through the dot.
    """
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    newest = list(told)[-NEWEST:]
    figure = blank(9.0, 3.6)
    metric, level = newest[-1][0].metric, newest[-1][0].level
    shown = title or f"{metric}: estimated before the labels came (band: {level:.0%}), and realised"
    axes = styled(figure.subplots(), shown, "data day", metric)
    edges: Any
    for edges in _runs(newest):
        axes.axvspan(*edges, color="#eceff3", linewidth=0, zorder=0)
    for day, (low_end, high_end) in (intervals or {}).items():
        axes.vlines([day], low_end, high_end, color="#9aa5b1", linewidth=1.1, zorder=2)  # type: ignore[arg-type]
    # a day of which nothing is known is a gap, and no line goes over it
    days: Any = [e.day for e, _ in newest]
    low, high = ([e.interval[end] if e.interval else _GAP for e, _ in newest] for end in (0, 1))
    values = [_GAP if e.value is None else e.value for e, _ in newest]
    axes.fill_between(days, low, high, color=COLORS["challenger"], alpha=0.18, linewidth=0, label="interval")
    axes.plot(days, values, color=COLORS["challenger"], linewidth=1.4, marker="o", markersize=2.5, label="estimated")
    for outside, color, label in ((False, "#1b2436", "realised"), (True, "#c53030", "realised, outside")):
        dots: list[tuple[Any, float]] = [
            (e.day, real) for e, real in newest if real is not None and _outside(e, real) == outside
        ]
        if dots:
            axes.scatter(
                [day for day, _ in dots], [value for _, value in dots], s=12, color=color, label=label, zorder=3
            )
    if _runs(newest):
        axes.plot([], [], color="#d5dce8", linewidth=6, label="unknown")
    first, last = min(newest[0][0].day, newest[-1][0].day - timedelta(days=FEWEST - 1)), newest[-1][0].day
    axes.set_xlim(*(_edges(first, last)))  # type: ignore[arg-type]
    axes.legend(frameon=False, ncols=5, fontsize=8, loc="upper left")
    axes.text(
        1, -0.2, "blind to a change in what leads to the label", transform=axes.transAxes, ha="right", color=FAINT
    )
    ticks = AutoDateLocator(minticks=3, maxticks=9)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(ticks)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(ticks))  # type: ignore[no-untyped-call]
    axes.margins(y=0.2)
    return figure


def _outside(estimated: Estimated, realised: float) -> bool:
    return estimated.interval is not None and not estimated.interval[0] <= realised <= estimated.interval[1]


def _edges(first: date, last: date) -> tuple[datetime, datetime]:
    """The span of some days around their marks, which stand at midnight."""
    half = timedelta(hours=12)
    return datetime.combine(first, time()) - half, datetime.combine(last, time()) + half


def _runs(told: Sequence[tuple[Estimated, float | None]]) -> list[tuple[datetime, datetime]]:
    """The edges of each stretch of days of which nothing could be said."""
    runs: list[tuple[date, date]] = []
    before = False
    for estimated, _ in told:
        unknown = estimated.state == "unknown"
        if unknown:
            first = runs.pop()[0] if before else estimated.day
            runs.append((first, estimated.day))
        before = unknown
    return [_edges(*run) for run in runs]
