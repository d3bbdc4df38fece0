"""What is done at a threshold has a price when it was wrong."""

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from ml.prices.value import BaseValue
from ml.records import Weighed

STEPS = 100  # scores are counted in hundredths


class Decisions(BaseValue):
    """Something is done for each row whose probability reaches ``threshold``: each wrong decision costs.

    >>> Decisions(threshold=0.3, false_positive=1, false_negative=5).priced
    True
    """

    kind: Literal["decisions"] = "decisions"
    threshold: float = Field(default=0.5, ge=0.01, le=1, description="In whole hundredths.")
    false_positive: float = Field(ge=0, description="What it costs to act where nothing happened.")
    false_negative: float = Field(ge=0, description="What it costs not to act where it did happen.")

    @field_validator("threshold")
    @classmethod
    def _hundredths(cls, value: float) -> float:
        if abs(value * STEPS - round(value * STEPS)) > 1e-9:
            raise ValueError(f"{value:g} is no whole hundredth: what versions said is counted in hundredths")
        return value

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.false_positive == self.false_negative == 0:
            raise ValueError("false_positive and false_negative are both 0: no decision would ever be worth anything")
        return self

    @property
    def priced(self) -> bool:
        return True

    def unit(self, metric: str) -> str:
        return "money"

    def gain(self, weighed: Weighed, metric: str) -> float | None:
        if not weighed.scores or not weighed.weighed:
            return None
        new, old = (self._cost(weighed.scores, name) for name in ("version", "other"))
        return (old - new) / weighed.weighed

    def _cost(self, scores: dict[str, tuple[int, ...]], name: str) -> float:
        """What the wrong decisions of one of the two cost."""
        at = round(self.threshold * STEPS)
        acted_in_vain, missed = _from(scores[f"{name} 0"], at), _until(scores[f"{name} 1"], at)
        return self.false_positive * acted_in_vain + self.false_negative * missed


def _from(counts: Sequence[int], at: int) -> int:
    return sum(counts[at:])


def _until(counts: Sequence[int], at: int) -> int:
    return sum(counts[:at])
