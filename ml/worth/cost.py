"""What something cost: seconds of machines, and acts of people, each with the minutes that the owner says it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ml.prices.plan import Minutes, WorthPlan

ACTS = tuple(Minutes.model_fields)


@dataclass(frozen=True)
class Cost:
    """Seconds that steps took, and how often people did what."""

    seconds: float = 0.0
    acts: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Cost) -> Cost:
        acts = {act: count for act in ACTS if (count := self.acts.get(act, 0) + other.acts.get(act, 0))}
        return Cost(self.seconds + other.seconds, acts)

    def minutes(self, plan: WorthPlan) -> float:
        """The minutes of people."""
        return sum(count * float(getattr(plan.people.minutes, act)) for act, count in self.acts.items())

    def money(self, plan: WorthPlan) -> float | None:
        """Both in the plan's currency; None where one of them has no price."""
        machine, people = plan.compute.per_hour, plan.people.per_hour
        if machine is None or people is None:
            return None
        return self.seconds / 3600 * machine + self.minutes(plan) / 60 * people

    def told(self, plan: WorthPlan) -> str:
        """Both in words: 84 s of compute and 4 minutes of people."""
        seconds = f"{self.seconds:.0f} s" if self.seconds < 3600 else f"{self.seconds / 3600:.1f} h"
        return f"{seconds} of compute and {self.minutes(plan):g} minutes of people"
