"""How long what piles up is kept; never the rows of a day, nor what serves."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from ml.days import span_days
from ml.section import Section

FOREVER = "forever"
SHORTEST = 7


def _span(value: Any) -> Any:
    return None if value == FOREVER else span_days(value)


# None is forever. Nothing goes in its first week: a step that still runs may not have noted yet that it needs it.
Kept = Annotated[
    Annotated[int, Field(ge=SHORTEST)] | None,
    BeforeValidator(_span),
    WithJsonSchema({"type": "string", "pattern": r"^(forever|\d+[dw])$", "examples": [FOREVER, "365d", "26w"]}),
]


class Retention(Section):
    """How long what piles up is kept: `forever`, or a span of at least 7d; `nightshift housekeeping` removes the rest.

    Never removed: the rows of the days, what Production, previous or a version that waits for an approval refers to,
    and the ledger.
    """

    snapshots: Kept = Field(
        default=None, description="The rows that models were fitted on; without them no training can be done again."
    )
    versions: Kept = Field(
        default=None,
        description="Versions that left Production, counted from then, and those that never came into it.",
    )
    challengers: Kept = Field(
        default=90, description="Models that were fitted to be judged only, also those of refused challengers."
    )
    pages: Kept = Field(default=90, description="Drift reports and pictures, in the lake and in MLflow.")
    replaced: Kept = Field(
        default=90, description="A day's rows, and what was made of them, after newer ones took their place."
    )
    deleted: Kept = Field(
        default=30, description="Files in MLflow of runs and models that somebody deleted there, or that nothing names."
    )
