"""The rows behind the broken rules of a data day, for a mail and for a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml.contract import REASONS, RULES, Contract
from ml.messages import Exhibit
from ml.messages.exhibit import rule_name
from ml.messages.letter import Row, Table
from ml.messages.plain import aligned, printable
from ml.messages.quarantine import ordered
from ml.records import Batch, Violation
from ml.rules.types import readable
from ml.workspace import Run

if TYPE_CHECKING:
    import polars as pl

SOME, SOME_COLUMNS = 5, 3
CHARACTERS = 60
WRONG = "what is wrong"
BY_JOIN = ("unjoined", "joins")


@dataclass(frozen=True)
class Behind:
    """The rows that show one broken rule, ``columns`` being its own; refused ones with all that is wrong with them."""

    violation: Violation
    rows: pl.DataFrame
    key: tuple[str, ...]
    columns: tuple[str, ...]

    def exhibit(self, most: int = SOME) -> Exhibit:
        """The first rows as text: what names a row, and what the rule is about."""
        own = [column for column in self.columns if column in self.rows.columns]
        header = [column for column in dict.fromkeys((*self.key, *own)) if column in self.rows.columns]
        rows = [[_text(row[column]) for column in header] for row in self._first(most)]
        if not own and REASONS in self.rows.columns:
            header, rows = (
                [*header, WRONG],
                [[*cells, _text(w)] for cells, w in zip(rows, self.wrong(most), strict=True)],
            )
        marked = frozenset(at for at, column in enumerate(header) if column in (own or [WRONG]))
        return Exhibit(self.violation, tuple(header), tuple(tuple(cells) for cells in rows), marked)

    def lines(self, most: int) -> list[str]:
        """The rule, and its first rows with all that is wrong with them, for a terminal."""
        stops = " (stops the day)" if self.violation.stops else ""
        head = printable(f"{rule_name(self.violation)}{stops}: {self.violation.sentence}")
        shown = self.exhibit(most)
        if not shown.rows:
            return [head]
        told = [[*row, wrong] for row, wrong in zip(shown.rows, self.wrong(most), strict=True)]
        refused = REASONS in self.rows.columns and WRONG not in shown.header
        header, rows = ((*shown.header, WRONG), told) if refused else (shown.header, shown.rows)
        table = Table("", header, tuple(Row(tuple(cells)) for cells in rows), words=len(header))
        return [head, *(f"  {line}" for line in aligned(table))]

    def as_json(self, most: int) -> dict[str, Any]:
        """The rule, and its first rows with all that is wrong with them."""
        rows = zip(self.values(most), self.wrong(most), strict=True)
        found = [{"row": row, "wrong": wrong} for row, wrong in rows]
        return self.violation.model_dump(mode="json") | {"key": self.violation.key, "examples": found}

    def wrong(self, most: int) -> list[str]:
        """All that is wrong with each of the first rows."""
        if REASONS not in self.rows.columns:
            return [self.violation.sentence for _ in self._first(most)]
        return ["; ".join(row[REASONS]) for row in self._first(most)]

    def values(self, most: int) -> list[dict[str, Any]]:
        """The first rows by column, as plain JSON values."""
        own = [column for column in self.rows.columns if column not in (REASONS, RULES)]
        return [{column: _plain(row[column]) for column in own} for row in self._first(most)]

    def _first(self, most: int) -> list[dict[str, Any]]:
        return self.rows.head(most).to_dicts()


def exhibits(run: Run, batch: Batch) -> list[Exhibit]:
    """Five rows for each broken rule that rows can show, those that stop the day first."""
    return [exhibit for found in behind(run, batch) if (exhibit := found.exhibit()).rows]


def behind(run: Run, batch: Batch) -> list[Behind]:
    """For each broken rule of the day, the rows that show it; none where no row can, say for a missing column."""
    day = _Day(run, batch)
    return [day.behind(violation) for violation in ordered(batch)]


def table(run: Run, batch: Batch) -> pl.DataFrame:
    """All rows behind all broken rules, rule by rule, with all columns, and all that is wrong with each row.

    A row that breaks two rules is there twice. Columns that are of different types in the two places are text.
    """
    import polars as pl

    parts = [_annotated(found) for found in behind(run, batch)]
    types: dict[str, set[Any]] = {}
    for part in parts:
        for column, dtype in part.schema.items():
            types.setdefault(column, set()).add(dtype)
    mixed = [column for column, found in types.items() if len(found) > 1]
    as_text = [part.with_columns(pl.col(c).cast(pl.String) for c in mixed if c in part.columns) for part in parts]
    return pl.concat(as_text, how="diagonal") if as_text else pl.DataFrame()


def flat(table: pl.DataFrame) -> pl.DataFrame:
    """The table with lists and structs as text, as a CSV needs it."""
    import polars as pl

    nested = [column for column, dtype in table.schema.items() if dtype.is_nested()]
    return table.with_columns(pl.Series(c, [str(v) for v in table[c].to_list()], pl.String) for c in nested)


def _annotated(found: Behind) -> pl.DataFrame:
    import polars as pl

    rows, violation = found.rows, found.violation
    wrong = pl.col(REASONS).list.join("; ") if REASONS in rows.columns else pl.lit(violation.sentence)
    lead = (
        pl.lit(violation.table, pl.String).alias("__table"),
        pl.lit(violation.key).alias("__rule"),
        wrong.alias("__wrong"),
    )
    data = pl.exclude(REASONS, RULES)
    return rows.select(*lead, data)


class _Day:
    """A day's files, each read once."""

    def __init__(self, run: Run, batch: Batch) -> None:
        self.run, self.batch = run, batch
        self._read: dict[str, pl.DataFrame] = {}

    def behind(self, violation: Violation) -> Behind:
        table = self._table(violation)
        section = self.run.pipeline.upstream[table] if table else self.run.pipeline
        source, contract = section.source, section.contract
        bare = violation.key.removeprefix(table or "")
        rule = next((rule for rule in contract.row_rules if rule.key == bare), None)
        columns = rule.columns if rule else (violation.column,) if violation.column else self._joined(violation)
        key = tuple(dict.fromkeys((source.event_time, *source.key)))
        return Behind(violation, self._rows(violation, table, contract), key, columns)

    def _table(self, violation: Violation) -> str | None:
        """The upstream table whose own rows break the rule; None when it is the pipeline's rows that do.

        A rule about a column that was joined names the table too, and may have the same key as one of the table.
        """
        name, part = violation.table, self.batch.upstream.get(violation.table or "")
        if name is None or part is None or name not in self.run.pipeline.upstream or violation.rule in BY_JOIN:
            return None
        if violation.stops:
            columns = self.run.pipeline.upstream[name].contract.columns
            return name if violation.rows <= part.rows and violation.column in (None, *columns) else None
        return name if _of(violation, self._file(part.refused_uri)).height == violation.rows else None

    def _joined(self, violation: Violation) -> tuple[str, ...]:
        """Some of the pipeline's columns that are empty where the join found nothing."""
        contract, table = self.run.pipeline.contract, violation.table or ""
        if violation.rule == "joins" and table in contract.joins:
            return (contract.joins[table].column,)
        joined = (c for c, rule in contract.columns.items() if rule.table == table and violation.rule in BY_JOIN)
        return tuple(joined)[:SOME_COLUMNS]

    def _rows(self, violation: Violation, table: str | None, contract: Contract) -> pl.DataFrame:
        part = self.batch.upstream[table] if table else self.batch
        refused = self._file(part.refused_uri)
        if violation.rule == "refused":  # shown by the rules that they are refused for
            return refused if all(v.stops for v in self.batch.violations) else refused.clear()
        if not violation.stops:
            return _of(violation, refused)
        rows = self._file(part.uri)
        if violation.rule in BY_JOIN:
            return _without(rows, self._joined(violation))
        return _showing(rows, violation, contract)

    def _file(self, uri: str | None) -> pl.DataFrame:
        import polars as pl

        if uri is None:
            return pl.DataFrame()
        if uri not in self._read:
            self._read[uri] = self.run.workspace.lake.read([uri])
        return self._read[uri]


def _of(violation: Violation, refused: pl.DataFrame) -> pl.DataFrame:
    """The refused rows that break the rule."""
    import polars as pl

    return refused.filter(pl.col(RULES).list.contains(violation.key)) if RULES in refused.columns else refused


def _without(rows: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """The rows in which none of the columns has a value; all rows when there is no such column."""
    import polars as pl

    present = [column for column in columns if column in rows.columns]
    return rows.filter(pl.all_horizontal(pl.col(present).is_null())) if present else rows


def _showing(rows: pl.DataFrame, violation: Violation, contract: Contract) -> pl.DataFrame:
    """Those of a day's rows that show why it was stopped as a whole."""
    column = violation.column
    if violation.rule == "required" or (column and column not in rows.columns):
        return rows.clear()
    if column is None:
        return rows
    values = rows[column]
    if violation.rule.endswith("nulls"):
        return rows.filter(values.is_null())
    if violation.rule == "freshness":
        return rows.sort(column, descending=True, nulls_last=True)
    if violation.rule == "type" and column in contract.columns:
        unread = values.is_not_null() & readable(values, contract.columns[column].type).is_null()
        return rows.filter(unread) if unread.any() else rows.filter(values.is_not_null())
    return rows.filter(values.is_not_null())


def _text(value: Any) -> str:
    if value is None:
        return "null"
    text = f"{value:%Y-%m-%d %H:%M}" if hasattr(value, "strftime") else str(value)
    return text if len(text) <= CHARACTERS else text[: CHARACTERS - 1] + "…"


def _plain(value: Any) -> Any:
    plain = isinstance(value, str | int | bool) or value is None
    finite = isinstance(value, float) and value - value == 0
    return value if plain or finite else str(value)
