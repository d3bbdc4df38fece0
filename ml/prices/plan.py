"""The section ``worth`` of a pipeline: what counts, and what it costs."""

from typing import Annotated

from pydantic import Field

from ml.days import Days
from ml.prices import Loss, Value
from ml.section import Section


class ComputePrice(Section):
    """What the machine costs that nights and retrains run on."""

    per_hour: float | None = Field(default=None, ge=0, description="In `currency`; left out, hours are told alone.")


class Minutes(Section):
    """So many minutes of a person each act takes."""

    approval: float = Field(default=10, ge=0, description="To answer whether a version may serve.")
    mail: float = Field(default=2, ge=0, description="To read a mail.")
    quarantine: float = Field(default=15, ge=0, description="To release or discard a day.")
    rollback: float = Field(default=15, ge=0, description="To put an earlier version back.")


class PeoplePrice(Section):
    """What people cost who answer, read and act."""

    per_hour: float | None = Field(default=None, ge=0, description="In `currency`; left out, minutes are told alone.")
    minutes: Minutes = Minutes()


class WorthPlan(Section):
    """What retrains are worth: every matured day is scored once more by the version that a promotion replaced.

    Nothing here changes what is measured but `rows` and `stale`: prices are laid on when somebody looks, so a new
    price holds for the past too.
    """

    value: Value = Field(default=Loss(), description="How predictions turn into a value.")
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="Of all prices (ISO 4217).")] = "EUR"
    compute: ComputePrice = ComputePrice()
    people: PeoplePrice = PeoplePrice()
    stale: Annotated[
        Days,
        Field(ge=1, description="The version that served so long before scores each day too: nobody had retrained."),
    ] = 28
    rows: int = Field(
        default=20_000, ge=100, description="At most so many rows of a day are scored, at even distances."
    )
