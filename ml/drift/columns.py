"""Columns made fit to be compared, and the sentence for each that is not.

Evidently's report has no per-column error: one column that it cannot read ends the whole report, and some that it can
read fool it (it drops nulls and infinities without a word). So each column is looked at before.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from math import inf, nan
from numbers import Real
from typing import TYPE_CHECKING, Any

from ml.drift.methods import Kind
from ml.errors import DataError

if TYPE_CHECKING:
    import pandas

LARGEST = 1e150  # the square of a larger number overflows in the standard deviation
MOST_CATEGORIES = 500
_FAMILIES = {
    "string": "text",
    "integer": "numbers",
    "floating": "numbers",
    "mixed-integer-float": "numbers",
    "decimal": "numbers",
    "boolean": "booleans",
    "mixed-integer": "numbers mixed with text",
}


class Unfit(DataError):
    """A column cannot be compared; the sentence says why."""


@dataclass(frozen=True)
class Pair:
    """One column of both frames, ready to be compared: float64 numbers or plain text, nulls where nothing usable is.

    ``problem`` is what a comparison of the values would not see. ``comparable`` is False when there are no values to
    compare; ``drifted`` is what the problem alone says; ``note`` is what a reader of the score should know.
    """

    column: str
    reference: "pandas.Series[Any]"
    current: "pandas.Series[Any]"
    problem: str | None = None
    comparable: bool = True
    drifted: bool = False
    note: str | None = None


def pair(
    reference: "pandas.DataFrame", current: "pandas.DataFrame", column: str, kind: Kind, min_rows: int, null_jump: float
) -> Pair:
    """``column`` of both frames, cast to what ``kind`` needs and checked for what the values alone would hide.

    Raises
    ------
    Unfit
        The column is missing, there twice, of another type than before, or its values are not of ``kind``.
    """
    before = _values(reference, column, kind, "reference")
    after = _values(current, column, kind, "current")
    note = None
    if kind == "categorical":
        _refuse_another_family(before, after)
        before, after, note = _lumped(_text(before), _text(after))
    jump = _jump(before, after, null_jump)
    few = _few(before, "reference", min_rows) or _few(after, "current", min_rows)
    return Pair(column, before, after, problem=jump or few, comparable=not few, drifted=bool(jump), note=note)


def without(found: Pair, left_out: "pandas.Series[bool]", min_rows: int) -> Pair:
    """The pair with nulls for those reference rows that its column is not compared with."""
    kept = found.reference.where(~left_out.reset_index(drop=True))
    few = _few(kept, "reference", min_rows)
    return replace(found, reference=kept, problem=found.problem or few, comparable=found.comparable and not few)


def _values(frame: "pandas.DataFrame", column: str, kind: Kind, role: str) -> "pandas.Series[Any]":
    import pandas

    found = [position for position, name in enumerate(frame.columns) if str(name) == column]
    if not found:
        raise Unfit(f"there is no such column in the {role} rows")
    if len(found) > 1:
        raise Unfit(f"{len(found)} columns of the {role} rows have this name")
    values = frame.iloc[:, found[0]].reset_index(drop=True)
    if isinstance(values.dtype, pandas.CategoricalDtype):
        values = values.astype(object)
    return _numbers(values, role) if kind == "numerical" else values


def _numbers(values: "pandas.Series[Any]", role: str) -> "pandas.Series[Any]":
    """The values as float64, with nulls for infinities and for numbers too large to be squared."""
    import pandas

    if pandas.api.types.is_numeric_dtype(values):
        numbers = pandas.Series(values.to_numpy(dtype="float64", na_value=nan))
    else:
        numbers = values.astype(object).map(_number, na_action="ignore").astype("float64")
        _refuse_lost(values[values.notna() & numbers.isna()], len(values), role)
    return numbers.where(numbers.abs() <= LARGEST)


def _number(value: Any) -> float:
    """A number, or text or a decimal that stands for one, as a float; NaN for anything else."""
    if not isinstance(value, str | Real | Decimal):
        return nan
    try:
        return float(value)
    except ValueError:
        return nan
    except OverflowError:
        return inf


def _refuse_lost(lost: "pandas.Series[Any]", rows: int, role: str) -> None:
    if len(lost):
        raise Unfit(f"{len(lost)} of {rows} {role} values are not numbers, for example {_short(lost.iloc[0])}")


def _refuse_another_family(reference: "pandas.Series[Any]", current: "pandas.Series[Any]") -> None:
    before, after = _family(reference), _family(current)
    for family, role in ((before, "reference"), (after, "current")):
        if family is not None and family not in _FAMILIES.values():
            raise Unfit(f"the {role} rows hold {family}, which are no categories")
    if before and after and before != after:
        raise Unfit(f"the type changed: {before} in the reference rows, {after} in the current rows")


def _family(values: "pandas.Series[Any]") -> str | None:
    """What kind of thing the values are, in words; None when all are null."""
    from pandas.api.types import infer_dtype

    if not values.notna().any():
        return None
    kind = infer_dtype(values, skipna=True)
    if kind == "mixed":
        return f"values of type {type(values[values.notna()].iloc[0]).__name__}"
    return _FAMILIES.get(kind, f"values of type {kind}")


def _text(values: "pandas.Series[Any]") -> "pandas.Series[Any]":
    """The values as text; 1 and 1.0 are the same category, since a null turns a column of integers into floats."""
    import pandas

    if values.dtype == object and pandas.api.types.infer_dtype(values, skipna=False) == "string":
        return values
    labels = [_label(value) if there else None for value, there in zip(values, values.notna(), strict=True)]
    return pandas.Series(labels, dtype=object)


def _label(value: Any) -> str:
    if type(value) is str:
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _lumped(
    reference: "pandas.Series[Any]", current: "pandas.Series[Any]"
) -> "tuple[pandas.Series[Any], pandas.Series[Any], str | None]":
    """The most frequent categories as they are, all others as one: Evidently's time grows with their square."""
    import pandas

    counts = pandas.concat([reference, current]).value_counts().rename_axis("label").reset_index(name="rows")
    if len(counts) <= MOST_CATEGORIES:
        return reference, current, None
    kept = set(counts.sort_values(["rows", "label"], ascending=[False, True]).label[:MOST_CATEGORIES])
    note = f"the {MOST_CATEGORIES} most frequent of {len(counts)} categories are compared, all others as one"
    before, after = (v.where(v.isna() | v.isin(kept), "(all others)") for v in (reference, current))
    return before, after, note


def _jump(reference: "pandas.Series[Any]", current: "pandas.Series[Any]", limit: float) -> str | None:
    before, after = _null_share(reference), _null_share(current)
    if abs(after - before) <= limit:
        return None
    return f"nulls or infinities: {before:.0%} of the reference, {after:.0%} of the current rows (> {limit:.0%} apart)"


def _null_share(values: "pandas.Series[Any]") -> float:
    return float(values.isna().mean())


def _few(values: "pandas.Series[Any]", role: str, min_rows: int) -> str | None:
    count = int(values.notna().sum())
    return f"not enough values: {count} in the {role} rows < {min_rows}" if count < min_rows else None


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
