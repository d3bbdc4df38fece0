"""What every fault can do: damage copies of clean rows, and say where."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar
from zlib import crc32

from ml.drills.ground import Ground
from ml.drills.scene import ROW, Scene
from ml.errors import CannotStrike
from ml.section import Section

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from ml.drills.scene import Tables


@dataclass(frozen=True)
class Attempt:
    """The tables after a fault, the columns that it meant to touch, and how it went about it."""

    tables: Tables
    columns: tuple[str, ...]
    detail: str


@dataclass(frozen=True)
class Strike:
    """Where a fault struck: a table, its columns, how many rows are damaged and how many are lost."""

    table: str
    columns: tuple[str, ...]
    rows: int
    lost: int = 0

    def __str__(self) -> str:
        what = [f"{self.rows:,} rows damaged"] if self.rows else []
        return f"{self.table}: {', '.join(what + ([f'{self.lost:,} rows lost'] if self.lost else []))}"


@dataclass(frozen=True)
class Injected:
    """Tables with a fault in them.

    ``damaged`` tells for each row of each table whether it differs from what it was or was not there before;
    ``detail`` says in words what was done, ``strikes`` where.
    """

    tables: Tables
    damaged: Mapping[str, pl.Series]
    strikes: tuple[Strike, ...]
    detail: str

    def __str__(self) -> str:
        return f"{self.detail} ({'; '.join(map(str, self.strikes))})"


class Fault(Section):
    """One way in which data goes wrong.

    ``kind`` names it, ``what`` says what it is, ``how`` how it comes about in real life, ``needs`` what a pipeline
    must have for it. The fields are its size and, where the owner of a drill does not want to leave it to the seed,
    its place. The same tables and seed always get the same damage.
    """

    kind: Any
    what: ClassVar[str]
    how: ClassVar[str]
    needs: ClassVar[str]

    def inject(self, tables: Tables, ground: Ground, days: Iterable[date] | None = None, seed: int = 0) -> Injected:
        """Copies of the tables with this fault in the rows of ``days``; without days, in those of every day.

        ``tables`` hold the pipeline's own rows under its name and upstream tables under theirs. A column that is
        struck is struck in every table that has it, as it would be upstream. Rows of other days stay as they are,
        except that a column that becomes text is text throughout.

        Raises
        ------
        CannotStrike
            The pipeline has no column of the kind, or no row that the fault would change.
        """
        import numpy as np

        scene = Scene.of(tables, ground, days)
        rng = np.random.default_rng([seed, crc32(self.kind.encode())])
        if scene.struck.is_empty():
            raise CannotStrike(f"{self.kind} cannot strike {ground.name}: there are no rows of the days to strike")
        for attempt in self.attempts(scene, rng):
            injected = _injected(scene, attempt)
            if injected.strikes:
                return injected
        raise CannotStrike(f"{self.kind} cannot strike {ground.name}: it needs {self.needs}")

    @abstractmethod
    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        """Ways to strike, in the order in which they are to be tried: the first that damages anything is taken."""


def shuffled(among: Sequence[str], chosen: str | None, rng: np.random.Generator) -> list[str]:
    """The names in random order, or the chosen one alone, if it is among them."""
    if chosen is not None:
        return [chosen] if chosen in among else []
    return [among[n] for n in rng.permutation(len(among))]


def _injected(scene: Scene, attempt: Attempt) -> Injected:
    damaged = {name: _damaged(scene, name, after) for name, after in attempt.tables.items()}
    strikes = (_strike(scene, name, attempt, damaged[name]) for name in attempt.tables)
    return Injected(
        tables={name: after.drop(ROW) for name, after in attempt.tables.items()},
        damaged=damaged,
        strikes=tuple(strike for strike in strikes if strike.rows or strike.lost),
        detail=attempt.detail,
    )


def _strike(scene: Scene, table: str, attempt: Attempt, damaged: pl.Series) -> Strike:
    before, after = scene.tables[table], attempt.tables[table]
    lost = before.height - after[ROW].count()
    columns = tuple(column for column in attempt.columns if column in before.columns)
    return Strike(table, columns, int(damaged.sum()), lost)


def _damaged(scene: Scene, table: str, after: pl.DataFrame) -> pl.Series:
    """The rows that are new, or differ from what they were in any column, be it in type."""
    import polars as pl

    before = scene.tables[table].with_columns(scene.of_days(table).alias("__struck"))
    both = after.join(before, on=ROW, how="left", suffix="__before", maintain_order="left")
    gone = [column for column in before.columns if column not in (*after.columns, "__struck")]
    differs = [
        _differs(column, before, after) for column in before.columns if column in after.columns and column != ROW
    ]
    lacks = [pl.col(column).is_not_null() & pl.col("__struck") for column in gone]
    any_of = pl.any_horizontal([pl.lit(False), *differs, *lacks])
    return both.select((pl.col(ROW).is_null() | any_of).fill_null(True).alias(table)).to_series()


def _differs(column: str, before: pl.DataFrame, after: pl.DataFrame) -> pl.Expr:
    import polars as pl

    was = pl.col(f"{column}__before")
    if before.schema[column] != after.schema[column]:
        return was.is_not_null() & pl.col("__struck")
    return pl.col(column).ne_missing(was)
