"""Before and after, column by column: what moved, to be seen on a phone.

Blue and vermilion are told apart by every kind of colour vision (Okabe & Ito, https://jfly.uni-koeln.de/color/); the
two sides differ in form as well, an area and a line. The picture brings its own light ground, for dark mode.
"""

import warnings
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy
    import pandas
    from matplotlib.axes import Axes

BEFORE, AFTER, INK, GROUND = "#0072B2", "#D55E00", "#24292f", "#ffffff"
BINS = 32
CATEGORIES = 6
TAIL = 0.002  # of each side lies outside the drawn range, so that one wild value does not flatten the rest


def before_after(reference: "pandas.DataFrame", current: "pandas.DataFrame", columns: Sequence[str]) -> bytes:
    """A PNG with one panel for each column: the reference as a blue area or bar, the current rows in vermilion.

    Columns that either side lacks are left out. Same rows, same bytes; about 570 pixels wide, with
    letters that are still eleven pixels high on a phone of 375.

    Raises
    ------
    ValueError
        None of the columns is on both sides.
    """
    from matplotlib.figure import Figure

    drawn = [column for column in columns if column in reference and column in current]
    if not drawn:
        raise ValueError(f"none of the columns {', '.join(columns)} is in both the reference and the current rows")
    figure = Figure(figsize=(3.9, 0.42 + 1.4 * len(drawn)), dpi=147, layout="constrained", facecolor=GROUND)
    for axes, column in zip(figure.subplots(len(drawn), squeeze=False)[:, 0], drawn, strict=True):
        _panel(axes, column, reference[column], current[column])
    handles = figure.axes[0].get_legend_handles_labels()
    figure.legend(*handles, loc="outside upper right", ncols=2, frameon=False, fontsize=9.5, labelcolor=INK)
    return _png(figure)


def _panel(axes: "Axes", column: str, before: "pandas.Series[Any]", after: "pandas.Series[Any]") -> None:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    numeric = all(is_numeric_dtype(side) and not is_bool_dtype(side) for side in (before, after))
    (_areas if numeric else _bars)(axes, before, after)
    axes.set_title(_title(column, before, after), loc="left", fontsize=10.5, color=INK, parse_math=False)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(length=0, colors=INK, labelsize=9.5)


def _title(column: str, before: "pandas.Series[Any]", after: "pandas.Series[Any]") -> str:
    empty = [float(side.isna().mean()) for side in (before, after)]
    nulls = f"   nulls {empty[0]:.0%} → {empty[1]:.0%}" if max(empty) >= 0.01 else ""
    name = column if len(column) <= 28 else column[:27] + "…"
    return f"{name}{nulls}"


def _areas(axes: "Axes", before: "pandas.Series[Any]", after: "pandas.Series[Any]") -> None:
    """The share of the rows in each of 32 bins."""
    import numpy

    sides = [_finite(side) for side in (before, after)]
    edges = _edges(sides)
    shares = [numpy.histogram(side, edges)[0] / max(len(side), 1) for side in sides]
    axes.stairs(shares[0], edges, fill=True, color=BEFORE, alpha=0.45, label="reference")
    axes.stairs(shares[1], edges, color=AFTER, linewidth=2.2, label="current")
    axes.set_yticks([])
    axes.locator_params(axis="x", nbins=6)


def _finite(values: "pandas.Series[Any]") -> "numpy.ndarray[Any, Any]":
    import numpy

    numbers = values.to_numpy(dtype="float64", na_value=numpy.nan)
    finite: numpy.ndarray[Any, Any] = numbers[numpy.isfinite(numbers)]
    return finite


def _edges(sides: Sequence["numpy.ndarray[Any, Any]"]) -> "numpy.ndarray[Any, Any]":
    import numpy

    ends = [numpy.quantile(side, (TAIL, 1 - TAIL)) for side in sides if len(side)] or [numpy.zeros(2)]
    low, high = min(end[0] for end in ends), max(end[1] for end in ends)
    if not low < high:
        low, high = low - 0.5, high + 0.5
    return numpy.linspace(low, high, BINS + 1)


def _bars(axes: "Axes", before: "pandas.Series[Any]", after: "pandas.Series[Any]") -> None:
    """The share of each of the six categories that moved most, the furthest on top."""
    shares = _shares(before, after)
    rows = range(len(shares))
    axes.barh([r - 0.2 for r in rows], shares["before"], height=0.36, color=BEFORE, alpha=0.6, label="reference")
    axes.barh([r + 0.2 for r in rows], shares["after"], height=0.36, color=AFTER, label="current")
    axes.set_yticks(list(rows), [_short(name) for name in shares.index], parse_math=False)
    axes.invert_yaxis()
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.locator_params(axis="x", nbins=4)


def _shares(before: "pandas.Series[Any]", after: "pandas.Series[Any]") -> "pandas.DataFrame":
    import pandas

    counts = {"before": before, "after": after}
    known = {name: side.dropna().astype(str).value_counts(normalize=True) for name, side in counts.items()}
    shares = pandas.DataFrame(known).fillna(0.0)
    shares["moved"] = (shares["after"] - shares["before"]).abs().round(12)
    shares["name"] = shares.index
    return shares.sort_values(["moved", "name"], ascending=[False, True]).head(CATEGORIES)


def _short(name: object) -> str:
    line = " ".join(str(name).split())
    return line if len(line) <= 18 else line[:17] + "…"


def _png(figure: Any) -> bytes:
    buffer = BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
        figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()
