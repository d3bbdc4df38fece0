"""Rules that compare the columns of a row with each other, written in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import Field

from ml.errors import ConfigError
from ml.rules.rows import RowRule
from ml.rules.types import Type, empty
from ml.section import Section


class Check(Section):
    """What must hold between the columns of every row: an expression in the SQL of polars that gives true or false.

    A row for which it gives null, as when one of the columns is null, keeps the rule. ``table`` names the upstream
    table to blame.
    """

    expr: str = Field(min_length=1, examples=["sched_elapsed * 10 >= distance"])
    table: str | None = None
    why: str = ""


def check_rules(checks: Sequence[Check], columns: Mapping[str, Type]) -> tuple[RowRule, ...]:
    """The rules over columns of these types, ready to be applied.

    Raises
    ------
    ConfigError
        An expression cannot be parsed, or not be computed from these columns.
    """
    for number, check in enumerate(checks):
        if wrong := fault(check.expr, columns):
            raise ConfigError(f"contract.checks[{number}].expr: {wrong}")
    return tuple(_rule(check) for check in checks)


def fault(expr: str, columns: Mapping[str, Type], numbers: bool = False) -> str | None:
    """What is wrong with an expression over columns of these types; None when it gives true or false.

    With ``numbers`` it may give numbers too.
    """
    import polars as pl

    try:
        expression = _parsed(expr)
    except ConfigError as error:
        return str(error)
    for name in expression.meta.root_names():
        if name not in columns:
            near = get_close_matches(name, list(columns), 1)
            return f"{name!r} is not among the contract's columns" + (f"; did you mean {near[0]!r}?" if near else "")
    try:
        result = pl.DataFrame({name: empty(1, kind) for name, kind in columns.items()}).select(expression).to_series()
    except pl.exceptions.PolarsError as error:
        return f"{expr!r} cannot be computed: {_said(error)}"
    if result.dtype == pl.Boolean or (numbers and result.dtype.is_numeric()):
        return None
    return f"{expr!r} gives {result.dtype}, not {'a number, or ' if numbers else ''}true or false"


def _rule(check: Check) -> RowRule:
    expression = _parsed(check.expr)
    columns = tuple(dict.fromkeys(expression.meta.root_names()))
    return RowRule(
        columns, f"check {check.expr}", f"against {check.expr}", lambda rows: rows.select(expression), check.table
    )


def _parsed(expr: str) -> Any:
    import polars as pl

    try:
        expression = pl.sql_expr(expr)
    except pl.exceptions.PolarsError as error:
        raise ConfigError(f"{expr!r} is not an expression: {_said(error)}") from error
    if not expression.meta.root_names():
        raise ConfigError(f"{expr!r} names no column")
    return expression


def _said(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200]
