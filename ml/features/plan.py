"""What a pipeline wants to know of the past, as its owner writes it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, field_validator

from ml.features.clocks import Kind
from ml.features.spans import Hours, HoursOrColumn
from ml.section import Section

_NAME = re.compile(r"^[A-Za-z_]\w{0,62}$")


class Aggregate(Section):
    """One number about the past of a key, as it was known when a night started.

    The rows of the ``over`` before the night that are of the same ``by`` and whose ``of`` was known by then come to
    their mean, sum or count, or the last of them is taken. A key without such a row has no mean and no last value; its
    sum and its count are 0. While a window reaches back before the first day of all, it has no value for anybody.
    """

    by: tuple[str, ...] = Field(min_length=1, description="The columns whose values a row shares with the past.")
    of: str = Field(
        min_length=1,
        description="A column, or an expression in the SQL of polars, that gives a number or true and false. A row for "
        "which it is null counts nowhere.",
        examples=["late", "arr_delay > 60"],
    )
    over: Annotated[Hours, Field(ge=1, description="So long before the night a row may lie.")]
    kind: Kind = Field(default="mean", description="What is made of the rows. The mean of true and false is a share.")
    known_after: HoursOrColumn = Field(
        description="When the value of a row became known: the column that holds the moment, in the pipeline's local "
        "time, or the span after the event time in which it is always known."
    )

    @cached_property
    def digest(self) -> str:
        """Equal for equal definitions, whatever they are called."""
        return hashlib.sha256(json.dumps(self.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()[:16]


class FeaturePlan(Section):
    """Features that are no column of the source: aggregates over the past, the same in training and when serving.

    The night makes a table of them by key, and what is predicted until the next night looks its row up there. So a
    model is fitted on them too: a row of the past gets what lay in the table of the newest night that had started
    ``ready`` before its event time. A table older than ``max_age`` says nothing any more.
    """

    past: dict[str, Aggregate] = Field(
        default_factory=dict, description="The aggregates by the name of the feature; the model lists those it uses."
    )
    ready: Annotated[
        Hours,
        Field(
            description="So long after a night's start its table is taken for served.",
            json_schema_extra={"default": "1h"},
        ),
    ] = 1
    max_age: Annotated[
        Hours,
        Field(
            ge=1,
            description="A table whose night started longer ago than this has no values any more.",
            json_schema_extra={"default": "26h"},
        ),
    ] = 26
    stale: Literal["missing", "refuse"] = Field(
        default="missing",
        description="missing: a model is asked without the values of a table that is too old, and the answer says so; "
        "refuse: it is not asked.",
    )

    @field_validator("past")
    @classmethod
    def _named(cls, value: dict[str, Aggregate]) -> dict[str, Aggregate]:
        for name in value:
            if not _NAME.match(name):
                raise ValueError(f"{name!r} is no name of a feature; write up to 63 letters, digits and _")
        return value

    def of(self, past: Mapping[str, Aggregate] | None) -> FeaturePlan:
        """The plan with other aggregates; with these where ``past`` is None."""
        if past is None:
            return self
        return FeaturePlan(past=dict(past), ready=self.ready, max_age=self.max_age, stale=self.stale)

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """The definition of each aggregate in sixteen digits."""
        return {name: aggregate.digest for name, aggregate in self.past.items()}
