"""How often a check may cry wolf, as an owner writes it."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

_RATE = re.compile(r"^1 per (\d+) days?$")


def days_per_alarm(value: Any) -> Any:
    """The N of ``1 per N days``; anything else but a whole number is refused with an example."""
    match = _RATE.match(value.strip()) if isinstance(value, str) else None
    if match:
        return int(match[1])
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError(f"{value!r} is not a rate of false alarms; write for example 1 per 90 days")


DaysPerAlarm = Annotated[
    int,
    BeforeValidator(days_per_alarm),
    Field(ge=2, le=3650),
    WithJsonSchema({"type": "string", "pattern": r"^1 per \d+ days?$", "examples": ["1 per 90 days"]}),
]
