"""Rules between a day's rows and the rows of an upstream table that they were joined from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ml.records import Violation
from ml.rules.columns import ColumnRule
from ml.rules.rows import RowRule

if TYPE_CHECKING:
    import polars as pl

    Broken = tuple[RowRule, pl.Series]


_FOUND = "__found"


@dataclass(frozen=True)
class Partner:
    """An upstream table on a day.

    ``rows`` are all of its rows in their declared types, with the reasons of the refused ones in the column
    ``reasons`` (text, null for accepted rows). ``on`` says which of the pipeline's columns (left) meets which of the
    table's. ``unjoined`` is the largest share of the pipeline's rows that may be without partner.
    """

    name: str
    rows: pl.DataFrame
    reasons: str
    on: Mapping[str, str]
    unjoined: float


@dataclass(frozen=True)
class Met:
    """A day's rows beside their partners: row by row the partner's columns, null where there is none."""

    partner: Partner
    rows: pl.DataFrame
    found: pl.Series

    @classmethod
    def of(cls, frame: pl.DataFrame, odd: Collection[str], partner: Partner) -> Met | None:
        """The frame's partners; None where a column of the join is missing, ``odd`` or of another type there."""
        import polars as pl

        theirs, mine = partner.rows.schema, frame.schema
        known = set(mine) - set(odd)
        if any(own not in known or mine[own] != theirs.get(other) for own, other in partner.on.items()):
            return None
        names = list(partner.on.values())
        once = partner.rows.unique(names, keep="first", maintain_order=True)
        there = once.hstack([pl.repeat(True, once.height, dtype=pl.Boolean, eager=True).alias(_FOUND)])
        own = pl.DataFrame([frame[column].alias(other) for column, other in partner.on.items()])
        rows = own.join(there, on=names, how="left", maintain_order="left")
        return cls(partner, rows, rows[_FOUND].fill_null(False))

    def unjoined(self, day: date) -> Iterator[Violation]:
        """A larger share of rows without partner than allowed."""
        lost, rows = int((~self.found).sum()), len(self.found)
        if rows and lost / rows > self.partner.unjoined:
            share = f"{lost:,} of {rows:,} rows on {day} have no row of {self.partner.name}, {lost / rows:.2%}"
            limit = f"more than unjoined {self.partner.unjoined:.2%}"
            yield Violation(
                column=None, rule="unjoined", rows=lost, table=self.partner.name, sentence=f"{share}, {limit}"
            )

    def breaches(self, frame: pl.DataFrame, columns: Mapping[str, ColumnRule]) -> Iterator[Broken]:
        """Rows that were joined from a refused row, and values that are not those of their partner."""
        refused = self.rows[self.partner.reasons]
        if refused.null_count() < len(refused):
            yield self._refused(refused), refused.is_not_null()
        mine, theirs = frame.schema, self.rows.schema
        for name, promised in columns.items():
            if promised.table != self.partner.name or name not in theirs or theirs[name] != mine.get(name):
                continue
            if not frame[name].equals(self.rows[name], null_equal=True):
                differs = self.found & frame[name].ne_missing(self.rows[name])
                if differs.any():
                    yield self._differs(name), differs

    def _refused(self, reasons: pl.Series) -> RowRule:
        name = self.partner.name
        told = f"joined from a refused row of {name}: " + reasons
        return RowRule(tuple(self.partner.on), "upstream", f"joined from refused rows of {name}", table=name, told=told)

    def _differs(self, name: str) -> RowRule:
        return RowRule((name,), "joined", f"not what {self.partner.name} says", table=self.partner.name)
