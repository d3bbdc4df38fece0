"""What every way to expose a candidate can say: whether it is held, what it answers, how long it is watched."""

from typing import Annotated, Any, Literal

from pydantic import Field

from ml.days import Days
from ml.section import Section


class BaseExposure(Section):
    """One way. ``kind`` names it in YAML; it alone may stand there when the defaults suit."""

    kind: Any

    @property
    def held(self) -> bool:
        """Whether a service holds the version in Staging beside the one in Production."""
        return False

    @property
    def answers(self) -> float:
        """The share of the keys whose requests the candidate answers."""
        return 0.0

    @property
    def by(self) -> tuple[str, ...]:
        """The columns whose values say which share a row belongs to; none: those of the source's key."""
        return ()

    @property
    def days(self) -> int:
        """So many days the retrain line waits for what the traffic says; 0: it does not wait."""
        return 0

    @property
    def false_stops(self) -> float:
        """The chance that a candidate that is no worse is stopped."""
        return 0.0

    @property
    def lenient(self) -> bool:
        """Whether a candidate passes of which nothing was shown in its days."""
        return True


class Watched(BaseExposure):
    """A way in which the candidate sees traffic, and may be stopped for what it does with it."""

    alpha: float = Field(
        default=0.05,
        gt=0,
        lt=0.5,
        description="The chance that a candidate that is no worse is stopped, however often one looks.",
    )
    undecided: Literal["pass", "stop"] = Field(
        default="pass",
        description="What becomes of a candidate that is neither stopped nor surely better when its days are over.",
    )

    @property
    def held(self) -> bool:
        return True

    @property
    def false_stops(self) -> float:
        return self.alpha

    @property
    def lenient(self) -> bool:
        return self.undecided == "pass"


Watching = Annotated[Days, Field(ge=0, le=28, description="So long the retrain line waits for what the traffic says.")]
