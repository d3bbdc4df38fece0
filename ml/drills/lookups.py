"""What was looked up by a text follows the text: a plane of unknown registration has no seats.

Which columns came by a lookup is found in the data: numbers that are the same in all rows of a text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ml.drills.scene import ROW

if TYPE_CHECKING:
    import polars as pl

    from ml.drills.scene import Scene, Tables

_FEWEST_TEXTS = 20
_ROWS_A_TEXT = 1.2


def looked_up(scene: Scene, column: str) -> list[str]:
    """The columns of numbers that depend on nothing but this text, as far as the rows tell."""
    import polars as pl

    numbers = [c for c in scene.numbers() if c not in scene.measured]
    rows = scene.own.filter(pl.col(column).is_not_null())
    by_text = rows.group_by(column).agg(pl.col(c).n_unique() for c in numbers)
    if by_text.height < _FEWEST_TEXTS or rows.height < _ROWS_A_TEXT * by_text.height:
        return []
    return [c for c in numbers if by_text[c].max() == 1]


def followed(scene: Scene, tables: Tables, column: str) -> tuple[Tables, tuple[str, ...]]:
    """The tables with the lookups done again where the text changed, and all columns touched.

    A text that no row had before finds nothing: null.
    """
    found = looked_up(scene, column)
    if not found:
        return tables, (column,)
    own = tables[scene.ground.name]
    return {**tables, scene.ground.name: _again(scene, own, column, found)}, (column, *found)


def _again(scene: Scene, own: pl.DataFrame, column: str, found: list[str]) -> pl.DataFrame:
    import polars as pl

    known = scene.own.filter(pl.col(column).is_not_null()).select(column, *found)
    again = own.join(
        known.unique(column, keep="first", maintain_order=True),
        on=column,
        how="left",
        suffix="__found",
        maintain_order="left",
    )
    was = scene.own.select(ROW, pl.col(column).alias("__was"))
    compared = again.join(was, on=ROW, how="left", maintain_order="left")
    moved = pl.col(column).ne_missing(pl.col("__was"))
    return compared.with_columns(pl.when(moved).then(f"{c}__found").otherwise(c).alias(c) for c in found).select(
        own.columns
    )
