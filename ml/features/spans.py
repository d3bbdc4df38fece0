"""Spans of hours, as an owner writes them."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

_SPAN = re.compile(r"^(\d+)([hdw])$")
_HOURS = {"h": 1, "d": 24, "w": 168}


def span_hours(value: Any) -> Any:
    """The number of hours of a span such as ``6h``, ``1d`` or ``4w``; a number is one of hours already."""
    match = _SPAN.match(value) if isinstance(value, str) else None
    if match:
        return int(match[1]) * _HOURS[match[2]]
    if isinstance(value, bool | str):
        raise ValueError(f"{value!r} is not a span of hours; write for example 6h, 1d or 4w")
    return value


def span_or_column(value: Any) -> Any:
    """The hours of a span; any other text names a column."""
    return span_hours(value) if isinstance(value, str) and _SPAN.match(value) else value


Hours = Annotated[
    int,
    BeforeValidator(span_hours),
    Field(ge=0, le=24 * 3660),
    WithJsonSchema({"type": "string", "pattern": r"^\d+[hdw]$", "examples": ["6h", "1d", "4w"]}),
]
HoursOrColumn = Annotated[
    int | str,
    BeforeValidator(span_or_column),
    WithJsonSchema({"type": "string", "examples": ["landed", "6h"]}),
]
