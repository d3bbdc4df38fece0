"""Rows of plain values with their columns at hand: who needs a column of many rows asks for it, and it is made once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]


class Rows(list[dict[str, Any]]):
    """Rows. A column that was asked for is not looked at again, so what it holds must not change in a row."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        super().__init__(rows)
        self._columns: dict[str, list[Any]] = {}
        self._arrays: dict[tuple[str, str], Array] = {}

    @classmethod
    def of(cls, columns: Mapping[str, list[Any]]) -> Rows:
        """Rows of columns of one length."""
        rows = cls(dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True))
        rows._columns = dict(columns)
        return rows

    def column(self, name: str) -> list[Any]:
        """The values of this name, None for a row that has none."""
        if name not in self._columns:
            self._columns[name] = [row.get(name) for row in self]
        return self._columns[name]

    def array(self, name: str, dtype: str) -> Array:
        """The same as an array of this type."""
        if (name, dtype) not in self._arrays:
            self._arrays[name, dtype] = array(self, name, dtype)
        return self._arrays[name, dtype]

    def put(self, name: str, values: list[Any]) -> None:
        """Give every row its value of this name."""
        for row, value in zip(self, values, strict=True):
            row[name] = value
        self._columns[name] = values
        self._arrays = {known: array for known, array in self._arrays.items() if known[0] != name}


def column(rows: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
    """A column of any rows."""
    return rows.column(name) if isinstance(rows, Rows) else [row.get(name) for row in rows]


def array(rows: Sequence[Mapping[str, Any]], name: str, dtype: str) -> Array:
    """A column of any rows as an array; what is missing is NaN, NaT or None."""
    import numpy

    values = column(rows, name)
    if dtype.startswith("datetime64"):  # numpy takes ten times as long as Arrow
        import pyarrow as pa

        moments: Array = pa.array(values, pa.timestamp("us")).to_numpy(zero_copy_only=False)
        return moments.astype(dtype, copy=False)
    if dtype == "object":
        return numpy.fromiter(values, dtype=object, count=len(values))
    return numpy.array(values, dtype=dtype)
