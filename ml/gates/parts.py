"""The parts that one column cuts rows into: its values, fifths of its numbers, parts of the day."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy
    import pandas as pd

FEW, FIFTHS, HOURS = 12, 5, 4
MOST = 40  # values of a text, the most frequent first


@dataclass(frozen=True)
class Part:
    """Some rows: what they have in common, and a mask of them."""

    name: str
    inside: "numpy.ndarray[Any, Any]"


def parts(column: "pd.Series[Any]", older: "pd.Series[Any]", min_rows: int) -> Iterator[Part]:
    """Every part of ``column`` with at least ``min_rows`` rows; ``older`` gives the edges of the fifths.

    Missing is a part too. Numbers with at most twelve values are cut by value.
    """
    from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

    kind = column.dtype
    if is_datetime64_any_dtype(kind):
        found = _hours(column)
    elif is_numeric_dtype(kind) and not is_bool_dtype(kind) and column.nunique() > FEW:
        found = _fifths(column, older)
    else:
        found = _values(column)
    for part in found:
        if part.inside.sum() >= min_rows:
            yield part
    missing = column.isna().to_numpy()
    if missing.sum() >= min_rows:
        yield Part(f"no {column.name}", missing)


def _values(column: "pd.Series[Any]") -> Iterator[Part]:
    for value in column.value_counts().index[:MOST]:
        yield Part(f"{column.name} {value}", (column == value).fillna(False).to_numpy("bool"))


def _hours(column: "pd.Series[Any]") -> Iterator[Part]:
    for start in range(0, 24, HOURS):
        inside = (column.dt.hour // HOURS == start // HOURS).fillna(False).to_numpy("bool")
        yield Part(f"{column.name} from {start} to {start + HOURS} o'clock", inside)


def _fifths(column: "pd.Series[Any]", older: "pd.Series[Any]") -> Iterator[Part]:
    import numpy

    values = column.to_numpy("float64", na_value=numpy.nan)
    old = older.to_numpy("float64", na_value=numpy.nan)
    old = old[numpy.isfinite(old)]
    if not len(old):
        return
    edges = numpy.unique(numpy.quantile(old, numpy.arange(1, FIFTHS) / FIFTHS))
    for low, high in zip([-numpy.inf, *edges], [*edges, numpy.inf], strict=True):
        yield Part(f"{column.name} {_between(low, high)}", (values > low) & (values <= high))


def _between(low: float, high: float) -> str:
    if low == -float("inf"):
        return f"up to {high:g}"
    return f"above {low:g}" if high == float("inf") else f"above {low:g} up to {high:g}"
