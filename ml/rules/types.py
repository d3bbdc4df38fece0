"""The types that a contract knows, and whether a column, as it came, is of one."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import polars as pl

Type = Literal["string", "float", "int", "bool", "datetime"]

_SHOWN_VALUES = 3
_SHOWN_CHARACTERS = 40


def fits(column: pl.Series, wanted: Type) -> bool:
    """Whether a column needs no cast: it has the type already, and no NaN that should be a null."""
    mean: Any = column.mean() if column.dtype.is_float() else 0.0
    return column.dtype == _polars(wanted) and (mean is None or not isnan(mean))


def casts(column: pl.Series, wanted: Type) -> pl.Expr | None:
    """How a column of a frame becomes the wanted type, or None when that would change a value.

    What the dtype alone decides is an expression, so that a whole frame is cast in one pass; see ``typed``.
    """
    import polars as pl

    if _castable(column.dtype, wanted) and not (wanted == "int" and column.dtype.is_float()):
        cast = pl.col(column.name).cast(_polars(wanted))
        return cast.fill_nan(None) if wanted == "float" else cast
    known = typed(column, wanted)
    return None if known is None else pl.lit(known)


def typed(column: pl.Series, wanted: Type) -> pl.Series | None:
    """The column as the wanted type, or None when that would change a value.

    A column without any value is of every type; whole numbers are floats, floats that are all whole are ints,
    a date is its midnight, a NaN is a null.
    """
    target = _polars(wanted)
    if column.null_count() == len(column):
        return column.clear(len(column)).cast(target, strict=False)
    if not _castable(column.dtype, wanted):
        return None
    if wanted == "int" and column.dtype.is_float():
        return _whole(column.fill_nan(None))
    if wanted == "float":
        return column.cast(target).fill_nan(None)
    return column.cast(target)


def readable(column: pl.Series, wanted: Type) -> pl.Series:
    """The values of a column that read as the wanted type, null for the others: 1.5 is no int, and 1,5 no float."""
    import polars as pl

    known = typed(column, wanted)
    if known is not None:
        return known
    if wanted == "string" and not column.dtype.is_nested():
        return column.cast(pl.String, strict=False)
    if wanted in ("int", "float") and (column.dtype.is_numeric() or column.dtype == pl.String):
        numbers = column.cast(pl.Float64, strict=False).fill_nan(None)
        whole = numbers.cast(pl.Int64, strict=False)
        return numbers if wanted == "float" else whole.set(whole.cast(pl.Float64) != numbers, None)
    if wanted == "datetime" and column.dtype == pl.String:
        return column.str.replace("T", " ", literal=True).str.to_datetime("%F %T%.f", strict=False, time_unit="us")
    return empty(len(column), wanted).alias(column.name)


def misfit(column: pl.Series, wanted: Type) -> str:
    """What a column that is not of the wanted type is instead, with an example of what does not fit."""
    values = column.drop_nulls()
    odd = _unreadable(values, wanted)
    what = f"is {_name(column.dtype)}, not {wanted}"
    if odd is None:
        return f"{what}, for example {shown(values)}"
    if odd.is_empty():
        return f"{what}; all {len(values):,} values read as {wanted}, for example {shown(values)}, so upstream changed"
    return f"{what}; {len(odd):,} of {len(values):,} values do not read as {wanted}, for example {shown(odd)}"


def empty(rows: int, wanted: Type) -> pl.Series:
    """A column of nulls."""
    import polars as pl

    return pl.Series([None], dtype=_polars(wanted)).new_from_index(0, rows)


def shown(values: pl.Series) -> str:
    """Up to three distinct values, each cut off at 40 characters: enough to see what is wrong, too few to leak much."""
    first = values.head(1000).unique(maintain_order=True).head(_SHOWN_VALUES)
    return ", ".join(_shown(value) for value in first.to_list())


def _shown(value: Any) -> str:
    text = f"{value:%Y-%m-%d %H:%M:%S}" if hasattr(value, "strftime") else repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"


def _polars(wanted: Type) -> pl.DataType:
    import polars as pl

    known = {"string": pl.String(), "float": pl.Float64(), "int": pl.Int64(), "bool": pl.Boolean()}
    return known.get(wanted, pl.Datetime("us"))


def _castable(dtype: pl.DataType, wanted: Type) -> bool:
    import polars as pl

    if wanted in ("float", "int"):
        return dtype.is_integer() or dtype.is_float() or dtype.is_decimal()
    if wanted == "datetime":
        return dtype == pl.Date or (isinstance(dtype, pl.Datetime) and dtype.time_zone is None)
    return dtype.base_type() in ((pl.Boolean,) if wanted == "bool" else (pl.String, pl.Categorical, pl.Enum))


def _whole(column: pl.Series) -> pl.Series | None:
    import polars as pl

    whole = column.cast(pl.Int64, strict=False)
    return whole if (whole.cast(pl.Float64) == column).all() and whole.null_count() == column.null_count() else None


def _unreadable(values: pl.Series, wanted: Type) -> pl.Series | None:
    """The values that do not read as a number of the wanted type; None when that cannot be asked."""
    import polars as pl

    readable = values.dtype == pl.String or values.dtype.is_float()
    if not readable or wanted not in ("int", "float"):
        return None
    numbers = values.cast(pl.Float64, strict=False)
    good = numbers.is_not_null() & ((numbers == numbers.floor()) | (wanted == "float"))
    return values.filter(~good.fill_null(False))


def _name(dtype: pl.DataType) -> str:
    import polars as pl

    if dtype.is_integer():
        return "int"
    if dtype.is_float() or dtype.is_decimal():
        return "float"
    return {pl.String: "text", pl.Boolean: "bool", pl.Date: "date"}.get(dtype.base_type(), str(dtype))
