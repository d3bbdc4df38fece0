"""The contract's rules between columns, asked of the rows of a request.

An expression of sums, differences and products that is compared is computed in Python, since polars takes a tenth of a
millisecond for one row; any other is left to polars. A test holds the two against each other.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ml.rows import Rows
from ml.rules.expressions import Check, check_rules
from ml.rules.rows import RowRule
from ml.rules.types import Type

Row = Mapping[str, Any]
MANY = 8  # rows from which on columns are quicker
Value = Callable[[Row], Any]

_SUMS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_COMPARED: dict[type, Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


@dataclass(frozen=True)
class RowCheck:
    """A rule between columns of the request. ``columns`` are those that it needs."""

    check: Check
    types: Mapping[str, Type]

    @cached_property
    def rule(self) -> RowRule:
        """The same as the contract asks it of a day."""
        [rule] = check_rules([self.check], self.types)
        return rule

    @cached_property
    def columns(self) -> frozenset[str]:
        return _names(self.check.expr) if self._kept is not None else frozenset(self.rule.columns)

    @cached_property
    def _kept(self) -> Callable[[Row], bool] | None:
        """The rule for one row in Python, or None when only polars can tell."""
        return _comparison(self.check.expr, self.types)

    def broken(self, rows: Sequence[Row]) -> list[int]:
        """The rows that break it, by number. A row that lacks one of the columns, or has null there, keeps it."""
        if self._kept is not None and isinstance(rows, Rows) and len(rows) >= MANY:
            return self._at_once(self._kept, rows)
        whole = [(n, row) for n, row in enumerate(rows) if all(row.get(name) is not None for name in self.columns)]
        if self._kept is not None:
            return [n for n, row in whole if not self._kept(row)]
        return self._asked([n for n, _ in whole], [row for _, row in whole])

    def _at_once(self, kept: Callable[[Row], Any], rows: Rows) -> list[int]:
        """The same for whole columns: numpy computes with doubles as Python does."""
        import numpy

        dtypes = {name: "datetime64[us]" if self.types[name] == "datetime" else "float64" for name in self.columns}
        columns = {name: rows.array(name, dtype) for name, dtype in dtypes.items()}
        with numpy.errstate(all="ignore"):
            broken = ~kept(columns)
        for values in columns.values():
            broken &= ~(numpy.isnat(values) if values.dtype.kind == "M" else numpy.isnan(values))
        return numpy.flatnonzero(broken).tolist()

    def _asked(self, numbers: Sequence[int], rows: Sequence[Row]) -> list[int]:
        import polars as pl

        from ml.rules.types import empty

        if not rows:
            return []
        kinds = {name: empty(0, self.types[name]).dtype for name in self.columns}
        # a request's whole numbers are floats here
        columns = {c: pl.Series(c, [row[c] for row in rows], kind, strict=False) for c, kind in kinds.items()}
        assert self.rule.verdict is not None
        verdict = self.rule.verdict(pl.LazyFrame(columns)).collect().to_series().fill_null(True)
        return [numbers[n] for n, keeps in enumerate(verdict.to_list()) if not keeps]


def row_checks(checks: Sequence[Check], types: Mapping[str, Type], there: Collection[str]) -> tuple[RowCheck, ...]:
    """The checks whose columns a request may carry."""
    found = (RowCheck(check, types) for check in checks)
    return tuple(check for check in found if check.columns <= set(there))


def _comparison(text: str, types: Mapping[str, Type]) -> Callable[[Row], bool] | None:
    """``a * 2 + 1 >= b``, or two moments compared, as a function; None for whatever SQL and Python might read apart."""
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:
        return None
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1 or type(tree.ops[0]) not in _COMPARED:
        return None
    compare, sides = _COMPARED[type(tree.ops[0])], (tree.left, tree.comparators[0])
    if all(isinstance(side, ast.Name) and types.get(side.id) == "datetime" for side in sides):
        known = {name for name, kind in types.items() if kind == "datetime"}
    else:
        known = {name for name, kind in types.items() if kind in ("int", "float")}
    left, right = (_value(side, known) for side in sides)
    if left is None or right is None or not _names(text):
        return None
    return lambda row: compare(left(row), right(row))


def _names(text: str) -> frozenset[str]:
    """The columns that a comparison names."""
    return frozenset(node.id for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Name))


def _value(node: ast.AST, known: Collection[str]) -> Value | None:
    if isinstance(node, ast.Name) and node.id in known:
        name = node.id
        return lambda row: row[name]
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        constant = node.value
        return lambda row: constant
    if isinstance(node, ast.BinOp) and type(node.op) in _SUMS:
        left, right, does = _value(node.left, known), _value(node.right, known), _SUMS[type(node.op)]
        if left is not None and right is not None:
            return lambda row: does(left(row), right(row))
    return None
