"""What a contract promises of one column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pydantic import Field, model_validator

from ml.rules.types import Type
from ml.section import Section

_PYTHON = {"string": (str,), "float": (int, float), "int": (int,), "bool": (bool,)}


class ColumnRule(Section):
    """What one column promises. Rows that break ``nullable``, ``min``, ``max``, ``allowed`` or ``pattern`` are refused.

    ``nulls`` is the largest share of nulls in a day: beyond it the whole day is quarantined. ``min`` and ``max`` are
    included; ``pattern`` must match the whole value. A null breaks no rule but ``nullable``.

    Where the contract has a ``series``: a value more than ``spike`` above or below both its neighbours is refused, and
    so are values that have not changed for ``frozen`` hours, unless they rest at one of ``rests``, where they may stay
    (calm wind, no rain). ``table`` names the upstream table from which the column was taken as it stands. ``history``
    false keeps it out of the contract's history rules.
    """

    type: Type
    required: bool = True
    nullable: bool = True
    nulls: float = Field(default=1.0, ge=0, le=1)
    min: float | None = None
    max: float | None = None
    allowed: tuple[str | bool | int | float, ...] | None = None
    pattern: str | None = None
    spike: float | None = Field(default=None, gt=0)
    frozen: float | None = Field(default=None, gt=0, le=24)
    rests: tuple[float, ...] = ()
    table: str | None = None
    history: bool = True
    why: str = ""

    @model_validator(mode="after")
    def _sensible(self) -> ColumnRule:
        if self.type not in ("int", "float") and (self.min is not None or self.max is not None):
            raise ValueError(f"min and max are for int and float, not for {self.type}")
        if self.type not in ("int", "float") and (self.spike is not None or self.frozen is not None):
            raise ValueError(f"spike and frozen are for int and float, not for {self.type}")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min} is above max {self.max}")
        if self.pattern is not None and self.type != "string":
            raise ValueError(f"pattern is for string, not for {self.type}")
        _refuse_foreign(self.type, self.allowed or ())
        _refuse_broken(self.pattern or "")
        return self


def _refuse_foreign(wanted: Type, allowed: Sequence[Any]) -> None:
    known = _PYTHON.get(wanted, ())
    for value in allowed:
        if not isinstance(value, known) or (isinstance(value, bool) and wanted != "bool"):
            raise ValueError(f"allowed value {value!r} is not of type {wanted}; text that looks otherwise needs quotes")


def _refuse_broken(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"pattern {pattern!r} is not a regular expression: {error}") from error
