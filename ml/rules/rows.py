"""Row rules: what every single row must keep.

The checking is pandera's: ``Check.ge``, ``in_range``, ``isin`` and ``str_matches``, built once, each applied to its
column by pandera's polars backend; all of a day are then collected in one go. ``DataFrameSchema.validate`` is not
used: on polars it copies the schema, runs every check in six small queries and gathers all failing values again for
its message, 65 ms for 15 columns however few rows (``Check.__call__`` still two queries a check, this one query for
all: a year of days 24 s, 8 s, 3 s), and the failure cases of a key over several columns carry no row number
(``check_column_values_are_unique``). Null and key are no ``Check`` in pandera, so these two are polars expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml.errors import ConfigError
from ml.records import Violation
from ml.rules.columns import ColumnRule
from ml.rules.types import shown

if TYPE_CHECKING:
    import polars as pl

Verdict = Callable[["pl.LazyFrame"], "pl.LazyFrame"]

_SHOWN_CHARACTERS = 40
_SHOWN_ALLOWED = 8


@dataclass(frozen=True)
class RowRule:
    """One rule as it is applied. ``verdict`` is the query that gives, for each row, whether it keeps the rule.

    Rules that need more than the rows of the day have none; they are asked elsewhere. ``told`` has the words for each
    row, where its own values do not say it. ``kept`` tells at a glance that all rows keep the rule; when it does not,
    the rows are asked.
    """

    columns: tuple[str, ...]
    name: str
    breach: str
    verdict: Verdict | None = None
    table: str | None = None
    told: pl.Series | None = None
    kept: Callable[[pl.DataFrame], bool] | None = None

    @property
    def place(self) -> str:
        return ", ".join(self.columns)

    @property
    def column(self) -> str | None:
        return self.columns[0] if len(self.columns) == 1 else None

    @property
    def key(self) -> str:
        """The ``Violation.key`` of this rule."""
        return Violation(column=self.column, rule=self.name, rows=0, sentence="", table=self.table).key

    def violation(self, frame: pl.DataFrame, breaks: pl.Series, when: str) -> Violation:
        """The rule as a violation by those rows of the frame that break it."""
        rows = breaks.sum()
        return Violation(
            column=self.column,
            rule=self.name,
            rows=rows,
            table=self.table,
            sentence=f"{self.place}: {self.breach} in {rows:,} of {frame.height:,} rows {when}"
            + self._example(frame.select(self.columns).filter(breaks)),
        )

    def reason(self, rows: pl.Series) -> pl.Expr:
        """The sentence for each row that breaks the rule, with the row's own value; ``rows`` says which are asked."""
        import polars as pl

        if self.told is not None:
            return pl.lit(self.told.filter(rows))
        texts = (pl.col(column).cast(pl.String).str.head(_SHOWN_CHARACTERS) for column in self.columns)
        values = [] if self.name == "nullable" else [pl.lit(" "), _listed(texts)]
        return pl.concat_str(pl.lit(self.place), *values, pl.lit(f" is {self.breach}"))

    def _example(self, broken: pl.DataFrame) -> str:
        if self.name == "nullable":
            return ""
        return f", for example {shown(broken.to_series() if broken.width == 1 else broken.to_struct())}"


def _listed(texts: Iterable[pl.Expr]) -> pl.Expr:
    import polars as pl

    return pl.concat_str([text.fill_null("null") for text in texts], separator=", ")


def row_rules(columns: Mapping[str, ColumnRule], unique: Sequence[str]) -> tuple[RowRule, ...]:
    """Every row rule of a contract, ready to be applied."""
    rules = [rule for column, promised in columns.items() for rule in _of_column(column, promised)]
    if unique:
        rules.append(RowRule(tuple(unique), "unique", "not unique", _unique(tuple(unique))))
    return tuple(rules)


def breaches(rules: Sequence[RowRule], frame: pl.DataFrame) -> list[tuple[RowRule, pl.Series]]:
    """The rules that some row breaks, each with the rows that break it."""
    import polars as pl

    rows = frame.lazy()
    open_ones = (rule for rule in rules if rule.kept is None or not rule.kept(frame))
    asked = [(rule, rule.verdict(rows)) for rule in open_ones if rule.verdict]
    verdicts = [verdict.to_series() for verdict in pl.collect_all([verdict for _, verdict in asked])]
    broken = [(rule, verdict) for (rule, _), verdict in zip(asked, verdicts, strict=True) if not verdict.all()]
    return [(rule, ~verdict.fill_null(True)) for rule, verdict in broken]


def _of_column(column: str, promised: ColumnRule) -> list[RowRule]:
    from pandera.polars import Check

    rules = []
    if not promised.nullable:
        full = _full(column)
        rules.append(RowRule((column,), "nullable", "null", _present(column), promised.table, kept=full))
    if promised.min is not None or promised.max is not None:
        verdict, inside = _checked(column, _range_check(promised)), _inside(column, promised)
        rules.append(RowRule((column,), "range", _range(promised), verdict, promised.table, kept=inside))
    if promised.allowed is not None:
        among = Check.isin(list(promised.allowed))
        rules.append(_rule(column, promised, "allowed", _among(promised.allowed), among))
    if promised.pattern is not None:
        whole = Check.str_matches(_whole(column, promised.pattern))
        rules.append(_rule(column, promised, "pattern", f"not of pattern {promised.pattern!r}", whole))
    return rules


def _rule(column: str, promised: ColumnRule, name: str, breach: str, check: Any) -> RowRule:
    return RowRule((column,), name, breach, _checked(column, check), promised.table)


def _range(promised: ColumnRule) -> str:
    if promised.max is None:
        return f"below min {promised.min:g}"
    if promised.min is None:
        return f"above max {promised.max:g}"
    return f"outside {promised.min:g} to {promised.max:g}"


def _range_check(promised: ColumnRule) -> Any:
    from pandera.polars import Check

    if promised.max is None:
        return Check.ge(promised.min)
    if promised.min is None:
        return Check.le(promised.max)
    return Check.in_range(promised.min, promised.max)


def _among(allowed: Sequence[Any]) -> str:
    first = ", ".join(str(value) for value in allowed[:_SHOWN_ALLOWED])
    more = len(allowed) - _SHOWN_ALLOWED
    return f"not among {first}" + (f" and {more} more" if more > 0 else "")


def _checked(column: str, check: Any) -> Verdict:
    def verdict(rows: pl.LazyFrame) -> pl.LazyFrame:
        from pandera.api.polars.types import PolarsData

        applied: pl.LazyFrame = check.get_backend(rows)(check).apply(PolarsData(rows, column))
        return applied

    return verdict


def _full(column: str) -> Callable[[pl.DataFrame], bool]:
    return lambda frame: not frame[column].null_count()


def _inside(column: str, promised: ColumnRule) -> Callable[[pl.DataFrame], bool]:
    """Whether the smallest and the largest value are in range: much faster than to ask every row."""

    def inside(frame: pl.DataFrame) -> bool:
        low: Any = frame[column].min()
        high: Any = frame[column].max()
        above = promised.min is None or low is None or low >= promised.min
        return above and (promised.max is None or high is None or high <= promised.max)

    return inside


def _present(column: str) -> Verdict:
    import polars as pl

    return lambda rows: rows.select(pl.col(column).is_not_null())


def _unique(key: tuple[str, ...]) -> Verdict:
    import polars as pl

    return lambda rows: rows.select(pl.struct(key).is_duplicated().not_())


def _whole(column: str, pattern: str) -> str:
    """The pattern for the whole value; polars' regular expressions know less than Python's (no look-around)."""
    import polars as pl

    whole = f"^(?:{pattern})$"
    try:
        pl.Series([""]).str.contains(whole)
    except pl.exceptions.ComputeError as error:
        said = str(error).splitlines()[-1]
        raise ConfigError(f"contract.columns.{column}.pattern {pattern!r} cannot be matched: {said}") from error
    return whole
