"""A key as text: the same from a frame as from a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ml.rules.types import Type

if TYPE_CHECKING:
    import polars as pl

_MANY = 8
DEFAULT = "\\"  # no key is written so: a backslash is always followed by something


def of_rows(by: Sequence[str], types: Mapping[str, Type]) -> pl.Expr:
    """The key of each row of a frame; null where a part of it is."""
    import polars as pl

    return pl.concat_str([_written(name, types[name]) for name in by], separator="|", ignore_nulls=False)


def of_one(values: Mapping[str, Any], by: Sequence[str], types: Mapping[str, Type]) -> str | None:
    """The key of one row given as a mapping; None where a part of it is missing."""
    parts = [_text(values.get(name), types[name]) for name in by]
    return None if None in parts else "|".join(part for part in parts if part is not None)


def of_columns(columns: Sequence[Sequence[Any]], kinds: Sequence[Type]) -> list[str | None]:
    """The keys of many rows, given as the columns that make them: what ``of_one`` gives for each row."""
    texts = [_texts(values, kind) for values, kind in zip(columns, kinds, strict=True)]
    if len(texts) == 1:
        return texts[0]
    return [None if None in parts else "|".join(parts) for parts in zip(*texts, strict=True)]


def _texts(values: Sequence[Any], kind: Type) -> list[str | None]:
    """The text of each value; of many, equal ones have equal texts, and each is written once."""
    few = len(values) < _MANY
    if few or (kind == "string" and not set(map(type, values)) <= {str, type(None)}):  # 1 is True, "1" is not "True"
        return [_text(value, kind) for value in values]
    known = {value: _text(value, kind) for value in set(values)}
    return [known[value] for value in values]


def _written(name: str, kind: Type) -> pl.Expr:
    import polars as pl

    if kind == "string":
        return pl.col(name).str.replace_all("\\", "\\\\", literal=True).str.replace_all("|", "\\|", literal=True)
    # whole numbers come as floats from frames of pandas
    return pl.col(name).cast(pl.Int64 if kind == "int" else pl.Boolean).cast(pl.String)


def _text(value: Any, kind: Type) -> str | None:
    if value is None or value != value:
        return None
    if kind == "string":
        return str(value).replace("\\", "\\\\").replace("|", "\\|")
    return str(int(value)) if kind == "int" else str(bool(value)).lower()
