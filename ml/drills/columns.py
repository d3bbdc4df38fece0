"""Columns under the wrong name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar, Literal

from ml.drills.fault import Attempt, Fault, shuffled

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from ml.drills.scene import Scene


class ColumnRenamed(Fault):
    """A column has another name, or ``to``; never the event time or the key, without which no row can be read."""

    what: ClassVar[str] = "a column has another name"
    how: ClassVar[str] = "somebody tidies up a schema"
    needs: ClassVar[str] = "a column beside event time, key and label"

    kind: Literal["column_renamed"] = "column_renamed"
    column: str | None = None
    to: str | None = None

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        apart = {scene.ground.event_time, *scene.ground.key, scene.ground.label}
        free = [c for c in scene.ground.columns if c in scene.own.columns and c not in apart]
        for column in shuffled(free, self.column, rng):
            new = self.to or f"{column}_v2"
            tables = {name: frame.rename({column: new}, strict=False) for name, frame in scene.tables.items()}
            yield Attempt(tables, (column,), f"{column} is called {new}")


class ColumnsSwapped(Fault):
    """Two columns of numbers are exchanged; ``columns`` names them, otherwise they are of the same type."""

    what: ClassVar[str] = "two columns are exchanged"
    how: ClassVar[str] = "a file without a header, or an INSERT without column names"
    needs: ClassVar[str] = "two columns of numbers of the same type"

    kind: Literal["columns_swapped"] = "columns_swapped"
    columns: tuple[str, str] | None = None

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        schema = scene.own.schema
        pairs = [pair for pair in combinations(scene.numbers(), 2) if schema[pair[0]] == schema[pair[1]]]
        for one, other in [pairs[n] for n in rng.permutation(len(pairs))] if self.columns is None else [self.columns]:
            tables = {name: _swapped(scene, name, one, other) for name in scene.tables}
            yield Attempt(tables, (one, other), f"{one} and {other} exchanged")


def _swapped(scene: Scene, table: str, one: str, other: str) -> pl.DataFrame:
    import polars as pl

    frame = scene.tables[table]
    if not {one, other} <= set(frame.columns):
        return frame
    struck = scene.of_days(table)
    return frame.with_columns(
        pl.when(struck).then(pl.col(other)).otherwise(pl.col(one)).alias(one),
        pl.when(struck).then(pl.col(one)).otherwise(pl.col(other)).alias(other),
    )
