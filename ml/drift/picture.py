"""A drift report at a glance, for mails and for MLflow."""

import warnings
from collections.abc import Sequence
from io import BytesIO
from math import inf
from typing import TYPE_CHECKING, Any

from ml.drift.methods import direction, reached
from ml.records import ColumnDrift, DriftReport

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DRIFTED, QUIET, UNKNOWN, INK = "#cf222e", "#9ec1f0", "#d97706", "#24292f"
WIDEST = 4.0
MOST_BARS = 24


def drift_bars(report: DriftReport) -> bytes:
    """A PNG with a bar for each of the strongest columns, on top the furthest: its score in units of its threshold.

    A column that could not be compared has its problem in place of a bar. Same report, same bytes.
    """
    from matplotlib.figure import Figure

    columns = sorted(report.columns, key=lambda column: (column.drifted, _strength(column)), reverse=True)[:MOST_BARS]
    figure = Figure(figsize=(8.4, 1.5 + 0.34 * max(len(columns), 1)), dpi=110, layout="constrained")
    axes = figure.add_subplot()
    _bars(axes, columns)
    _frame(axes, columns)
    figure.suptitle(_title(report), x=0.01, ha="left", fontsize=11, color=INK)
    return png(figure)


def _strength(column: ColumnDrift) -> float:
    """How far the score went towards its threshold; a column that could not be compared comes first among its like."""
    strength = reached(column.method, column.score, column.threshold)
    if strength is None:
        return inf if column.problem else 0.0
    return strength


def _bars(axes: "Axes", columns: Sequence[ColumnDrift]) -> None:
    for row, column in enumerate(columns):
        strength = 0.0 if column.score is None else _strength(column)
        width = min(max(strength, 0.0), WIDEST)
        axes.barh(row, width, color=_colour(column), height=0.62)
        where = max(width, 1.0) + 0.07
        axes.text(where, row, _label(column, strength), va="center", fontsize=8.5, color=INK, parse_math=False)


def _colour(column: ColumnDrift) -> str:
    if column.drifted:
        return DRIFTED
    return UNKNOWN if column.problem else QUIET


def _label(column: ColumnDrift, strength: float) -> str:
    if column.score is None:
        return _short(column.problem or "", 80)
    sign = "<" if direction(column.method) == "below" else "≥"
    limit = "no threshold yet" if column.threshold is None else f"drift {sign} {column.threshold:.3g}"
    more = " »" if strength > WIDEST else ""
    problem = f"{column.problem}; " if column.problem else ""
    return _short(f"{problem}{column.score:.3g}{more} ({column.method}, {limit})", 80)


def _frame(axes: "Axes", columns: Sequence[ColumnDrift]) -> None:
    axes.axvline(1.0, color=INK, linewidth=1, linestyle="--")
    axes.set_yticks(range(len(columns)), [_short(column.column, 32) for column in columns], parse_math=False)
    for label, column in zip(axes.get_yticklabels(), columns, strict=True):
        label.set_color(DRIFTED if column.drifted else INK)
    axes.set_ylim(max(len(columns), 1) - 0.5, -0.5)
    axes.set_xlim(0, 7)
    axes.set_xticks([0, 1, 2, 3, 4], ["0", "threshold", "2x", "3x", "4x"], fontsize=8.5)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.tick_params(axis="both", length=0, colors=INK)


def _title(report: DriftReport) -> str:
    drifted = f"{len(report.drifted)} of {len(report.columns)} columns drifted"
    days = f"{_days(report.current)} against {_days(report.reference)}"
    return f"{report.pipeline}: {drifted}\n{days} ({report.current_rows:,} against {report.reference_rows:,} rows)"


def _days(days: Sequence[Any]) -> str:
    first, last = days
    return str(first) if first == last else f"{first} to {last}"


def _short(text: str, limit: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def png(figure: Any) -> bytes:
    buffer = BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
        figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()
