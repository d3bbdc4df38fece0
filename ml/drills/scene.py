"""The rows that a fault may strike, and what can be found out about their columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from ml.drills.ground import Ground

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Tables = Mapping[str, pl.DataFrame]
    Change = Callable[[pl.Expr], pl.Expr]

T = TypeVar("T")

ROW = "__row"
_MOST_CATEGORIES = 300
_ROWS_A_CATEGORY = 5


@dataclass(frozen=True)
class Scene:
    """Tables of one or several data days, of which ``days`` are to be struck; each row carries its number in ``ROW``.

    A row without a number is one that a fault has added.
    """

    tables: Tables
    ground: Ground
    days: tuple[date, ...]

    @classmethod
    def of(cls, tables: Tables, ground: Ground, days: Iterable[date] | None) -> Scene:
        """The scene of these tables; without ``days`` every day of the pipeline's own rows is struck."""
        own = tables[ground.name]
        there = own[ground.event_time].dt.date().drop_nulls().unique().sort().to_list() if own.height else []
        chosen = there if days is None else sorted(set(days) & set(there))
        numbered = {name: frame.with_row_index(ROW) for name, frame in tables.items()}
        return cls(numbered, ground, tuple(chosen))

    @property
    def own(self) -> pl.DataFrame:
        """The pipeline's own rows, of all days."""
        return self.tables[self.ground.name]

    @cached_property
    def struck(self) -> pl.DataFrame:
        """The pipeline's own rows of the days that are struck."""
        return self.own.filter(self.of_days(self.ground.name))

    def of_days(self, table: str) -> pl.Expr:
        """Whether a row of the table is of a day that is struck; a table without event time is struck wholly."""
        import polars as pl

        time = self.time(table)
        return pl.lit(True) if time is None else time.dt.date().is_in(list(self.days)).fill_null(False)

    def time(self, table: str) -> pl.Expr | None:
        """The event time of a table's rows."""
        import polars as pl

        column = self.ground.times.get(table)
        return None if column is None or column not in self.tables[table].columns else pl.col(column)

    def numbers(self) -> list[str]:
        """The columns of numbers that take several values; neither key nor label."""
        apart = {*self.ground.key, self.ground.event_time, self.ground.label}
        wanted = [column for column in self._columns() if column not in apart]
        return [c for c in wanted if self.own.schema[c].is_numeric() and self._varies(c)]

    def texts(self) -> list[str]:
        """The columns of text that have a value."""
        import polars as pl

        return [c for c in self._columns() if self.own.schema[c] == pl.String and self.struck[c].count()]

    def categories(self) -> list[str]:
        """The columns of text with few values, each of which is in several rows."""
        return [c for c in self.texts() if 2 <= self.struck[c].n_unique() <= self._most()]

    def shares(self, column: str) -> list[tuple[str, float]]:
        """The values of a category with the share of struck rows that have it, the largest first, then by name."""
        import polars as pl

        counted = (
            self.struck[column].drop_nulls().value_counts().sort(pl.col("count"), column, descending=[True, False])
        )
        return [(value, count / self.struck.height) for value, count in counted.iter_rows()]

    @cached_property
    def place(self) -> str | None:
        """The category for whose values the most columns are measured by the hour, such as an airport."""
        known = {column: self._measured(column) for column in self.categories()}
        return max(known, key=lambda column: len(known[column])) if any(known.values()) else None

    @property
    def measured(self) -> list[str]:
        """The columns of numbers that are the same in all rows of a ``place`` and an hour: they came by a join."""
        return self._measured(self.place) if self.place else []

    def change(self, column: str, how: Change, where: Mapping[str, pl.Expr] | None = None) -> Tables:
        """The tables with the column changed in struck rows, in every table that has it; whole numbers stay whole."""
        return {name: self._changed(name, column, how, (where or {}).get(name)) for name in self.tables}

    def change_own(self, column: str, how: Change, where: pl.Expr) -> Tables:
        """The tables with the column changed in struck rows of the pipeline's own rows alone."""
        return self.with_own(self._changed(self.ground.name, column, how, where))

    def some(self, column: str, share: float, rng: np.random.Generator) -> dict[str, pl.Expr]:
        """Random struck rows, a share of them but at least one, for each table.

        What is measured by the hour is struck by the hour: all rows of a place and an hour, in each table.
        """
        import polars as pl

        if column not in self.measured:
            rows = self.struck.filter(pl.col(column).is_not_null())[ROW]
            others = {name: pl.lit(False) for name in self.tables}
            return others | {self.ground.name: pl.col(ROW).is_in(_sample(rows.to_list(), share, rng))}
        spots = self.struck.filter(pl.col(column).is_not_null()).select(self.spot(self.ground.name)).to_series()
        chosen = _sample(spots.unique().sort().to_list(), share, rng)
        return {name: self._at(name, chosen) for name in self.tables}

    def window(self, share: float, rng: np.random.Generator) -> dict[str, pl.Expr]:
        """A stretch of time in each struck day that holds about a share of its rows, for each table."""
        stretches = [self._stretch(day, share, rng) for day in self.days]
        return {name: self._between(name, stretches) for name in self.tables}

    def spot(self, table: str) -> pl.Expr:
        """The place and the hour of a row, as one text."""
        import polars as pl

        hour = pl.col(self.ground.times[table]).dt.truncate("1h").dt.to_string("%F %H")
        return pl.concat_str([pl.col(self.place or ""), hour], separator=" ")

    def with_own(self, own: pl.DataFrame) -> Tables:
        """The tables with other rows of the pipeline's own."""
        return {**self.tables, self.ground.name: own}

    def narrowed(self, columns: Sequence[str]) -> Scene:
        """The scene with no other columns to choose from than these."""
        return replace(self, ground=replace(self.ground, columns=tuple(columns)))

    def _columns(self) -> list[str]:
        return [column for column in self.ground.columns if column in self.own.columns]

    def _varies(self, column: str) -> bool:
        return bool(self.struck[column].drop_nulls().n_unique() > 1)

    def _most(self) -> float:
        return min(_MOST_CATEGORIES, self.struck.height / _ROWS_A_CATEGORY)

    def _measured(self, place: str) -> list[str]:
        """Columns that vary with time at a place, but never within an hour there."""
        import polars as pl

        numbers = self.numbers()
        hour = pl.col(self.ground.event_time).dt.truncate("1h")
        spots = self.struck.group_by(place, hour.alias("__hour")).agg(
            pl.len(), *(pl.col(c).n_unique() for c in numbers)
        )
        if spots.height * 2 > self.struck.height:
            return []
        fixed = self.struck.group_by(place).agg(pl.col(c).n_unique() for c in numbers)
        return [c for c in numbers if spots[c].max() == 1 and (fixed[c] > 1).any()]

    def _changed(self, table: str, column: str, how: Change, where: pl.Expr | None) -> pl.DataFrame:
        import polars as pl

        frame = self.tables[table]
        if column not in frame.columns:
            return frame
        value, dtype = how(pl.col(column)), frame.schema[column]
        whole = value.round().cast(dtype) if dtype.is_integer() else value
        struck = self.of_days(table) if where is None else self.of_days(table) & where
        return frame.with_columns(pl.when(struck).then(whole).otherwise(pl.col(column)).alias(column))

    def _at(self, table: str, spots: Sequence[str]) -> pl.Expr:
        import polars as pl

        here = table in self.ground.times and self.place in self.tables[table].columns
        return self.spot(table).is_in(list(spots)).fill_null(False) if here else pl.lit(False)

    def _stretch(self, day: date, share: float, rng: np.random.Generator) -> tuple[datetime, datetime]:
        import polars as pl

        times = self.struck[self.ground.event_time].filter(
            self.struck.select(pl.col(self.ground.event_time).dt.date() == day).to_series()
        )
        ordered = times.sort().to_list()
        length = max(1, round(share * len(ordered)))
        first = int(rng.integers(0, len(ordered) - length + 1))
        return ordered[first], ordered[first + length - 1]

    def _between(self, table: str, stretches: Sequence[tuple[datetime, datetime]]) -> pl.Expr:
        """Rows within a stretch; what is measured by the hour counts for all of its hour."""
        import polars as pl

        time = self.time(table)
        if time is None:
            return pl.lit(False)
        if table != self.ground.name:
            stretches = [(_hour(first), last) for first, last in stretches]
        return pl.any_horizontal([pl.lit(False), *(time.is_between(first, last) for first, last in stretches)])


def _sample(values: Sequence[T], share: float, rng: np.random.Generator) -> list[T]:
    size = min(len(values), max(1, round(share * len(values))))
    return [values[n] for n in sorted(rng.choice(len(values), size, replace=False))] if values else []


def _hour(moment: datetime) -> datetime:
    return moment - timedelta(minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)
