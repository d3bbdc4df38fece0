"""How one column of a drift check is compared, as its owner writes it."""

from difflib import get_close_matches
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from ml.days import Days
from ml.detectors.windows import Given
from ml.drift.methods import METHODS, Kind
from ml.section import Section


class ColumnCheck(Section):
    """How one column is compared: by which method, with which reference days, and from which score on it has drifted.

    ``kind`` says numerical or categorical where the method can do both; left out, psi, jensenshannon, hellinger and
    kl_div compare categories.
    """

    method: str = Field(
        description="How the two samples are compared. " + "; ".join(f"{m.name}: {m.idea}" for m in METHODS.values()),
        json_schema_extra={"enum": list(METHODS)},
    )
    threshold: float | None = Field(
        default=None,
        gt=0,
        description="Distances drift at or above it, p-values below it. Left out, a calibration finds it.",
        examples=[0.1],
    )
    kind: Kind | None = None
    given: Given | None = Field(
        default=None, description="weekday: compared with the reference days of the same weekdays alone."
    )
    reference: Annotated[Days, Field(ge=1)] | None = Field(
        default=None, description="Compared with the newest so many reference days alone: for what has a season."
    )

    @field_validator("method")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in METHODS:
            near = get_close_matches(value, METHODS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"{value!r} is not a known method{hint} (known: {', '.join(METHODS)})")
        return value

    @model_validator(mode="after")
    def _possible(self) -> "ColumnCheck":
        method = METHODS[self.method]
        if self.threshold is not None and self.threshold >= method.limit:
            raise ValueError(f"{self.threshold:g} is never reached: {self.method} stays below {method.limit:g}")
        if self.kind and self.kind not in method.kinds:
            raise ValueError(f"{self.method} compares {method.kinds[0]} columns, not {self.kind} ones")
        return self

    @property
    def column_kind(self) -> Kind:
        return self.kind or METHODS[self.method].kinds[0]
