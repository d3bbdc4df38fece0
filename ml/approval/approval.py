"""What every plan of approval can do: say why a person is asked, who, and for how long."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from ml.occasions import Case
from ml.section import Section

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_SPAN = re.compile(r"^(\d{1,4})([mhd])$")


def waiting_time(value: Any) -> Any:
    """The span that ``30m``, ``12h`` or ``2d`` says; anything that is a span already passes."""
    if isinstance(value, timedelta):
        return value
    match = _SPAN.match(value) if isinstance(value, str) else None
    if not match or int(match[1]) == 0:
        raise ValueError(f"{value!r} is no time to wait; write for example 30m, 12h or 2d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


Wait = Annotated[
    timedelta,
    BeforeValidator(waiting_time),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,4}[mhd]$", "examples": ["12h", "2d"]}),
]


class BaseApproval(Section):
    """One plan. ``kind`` names it in YAML; it alone may stand there when the defaults suit."""

    kind: Any

    def reasons(self, case: Case) -> tuple[str, ...]:
        """Why a person is asked about a version, a sentence each; none: it goes into Production by itself."""
        raise NotImplementedError

    @property
    def wait(self) -> timedelta:
        """How long an answer is waited for."""
        return timedelta(0)

    @property
    def users(self) -> tuple[str, ...]:
        """Who alone may answer; nobody named means anybody who may run the pipeline's DAGs."""
        return ()


class Asking(BaseApproval):
    """A plan in which a person may be asked."""

    deadline: Wait = Field(
        default=timedelta(days=1),
        description="Without an answer by then the version is not promoted.",
        json_schema_extra={"default": "1d"},
    )
    assigned_users: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        default=(), description="Who alone may answer, by their names in Airflow; none named: anybody who may run it."
    )

    @property
    def wait(self) -> timedelta:
        return self.deadline

    @property
    def users(self) -> tuple[str, ...]:
        return self.assigned_users
