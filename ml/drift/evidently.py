"""Drift as Evidently's report sees it, with method and threshold pinned for each column."""

from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from pydantic import Field, field_validator, model_validator

from ml.drift.detector import BaseDetector, Compared
from ml.drift.methods import METHODS, Kind
from ml.section import Section

if TYPE_CHECKING:
    import pandas


class ColumnCheck(Section):
    """How one column is compared: by which method, and from which score on it has drifted.

    ``kind`` is taken from the method when the method stands for one kind only, and from the method's usual kind
    otherwise.
    """

    method: str
    threshold: float = Field(gt=0)
    kind: Kind | None = None

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
        if self.threshold >= method.limit:
            raise ValueError(f"threshold {self.threshold} is out of reach: {self.method} scores lie below {method.limit}")
        if self.kind and self.kind not in method.kinds:
            raise ValueError(f"{self.method} compares {method.kinds[0]} columns only, not {self.kind} ones")
        return self

    @property
    def column_kind(self) -> Kind:
        return self.kind or METHODS[self.method].kinds[0]


class EvidentlyDrift(BaseDetector):
    """Compares each named column of the current days with the reference days by one Evidently report."""

    kind: Literal["evidently"] = "evidently"
    columns: dict[str, ColumnCheck] = Field(min_length=1)

    def compare(self, reference: "pandas.DataFrame", current: "pandas.DataFrame") -> Compared:
        """How far each column of ``current`` has moved from ``reference``."""
        raise NotImplementedError
