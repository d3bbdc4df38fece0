"""Frames of several days as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ml.errors import DataError

if TYPE_CHECKING:
    import polars as pl


class MixedTypes(DataError):
    """A column is, say, text in one frame and a number in another."""


def together(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Frames below each other, each column in a type that holds all of its values; a missing column is null.

    Raises
    ------
    MixedTypes
        A column is text in one frame and, say, a number in the other.
    """
    import polars as pl

    common_schema([frame.schema for frame in frames])
    return pl.concat(frames, how="diagonal_relaxed", rechunk=True) if frames else pl.DataFrame()


def common_schema(schemas: Iterable[pl.Schema]) -> pl.Schema:
    """The columns of all schemas, each in a type that holds the values of every one.

    Polars itself would silently make text of numbers, or a number of a date.
    """
    import polars as pl

    seen: dict[str, pl.DataType] = {}
    for schema in {tuple(schema.items()): schema for schema in schemas}.values():
        for column, dtype in schema.items():
            seen[column] = _common(column, seen.get(column, dtype), dtype)
    return pl.Schema(seen)


def _common(column: str, one: pl.DataType, other: pl.DataType) -> pl.DataType:
    import polars as pl

    if one == other or other == pl.Null:
        return one
    if one == pl.Null:
        return other
    if (one.is_numeric() and other.is_numeric()) or {one.base_type(), other.base_type()} <= {pl.Date, pl.Datetime}:
        pair = [pl.DataFrame(schema={column: dtype}) for dtype in (one, other)]
        return pl.concat(pair, how="vertical_relaxed").schema[column]
    raise MixedTypes(
        f"column {column} is {one} in one part of the rows and {other} in another; "
        "declare its type in the contract, so that the odd days are set aside"
    )
