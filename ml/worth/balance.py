"""What some retrains gave and cost together, and what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ml.prices.plan import WorthPlan
from ml.worth.cost import Cost
from ml.worth.entries import Entry
from ml.worth.gain import Gain, gain

RETRAINED = ("promoted", "not promoted", "dry run")


@dataclass(frozen=True)
class Balance:
    """The gain of some entries by all their days together, and the sum of their costs."""

    entries: tuple[Entry, ...]
    gain: Gain
    cost: Cost
    plan: WorthPlan

    @classmethod
    def of(cls, entries: Sequence[Entry], plan: WorthPlan, metric: str) -> Balance:
        gained = gain([each for entry in entries for each in entry.weighed], plan.value, metric)
        return cls(tuple(entries), gained, sum((entry.cost for entry in entries), Cost()), plan)

    @property
    def waits(self) -> bool:
        """Whether nothing is known of what they gave: no day says so yet, or they replaced nothing."""
        return not self.gain.days and any(entry.waits or entry.first for entry in self.entries)

    @property
    def net(self) -> Gain | None:
        """The gain less the cost; None where something has no price, or nothing is known yet."""
        money = self.cost.money(self.plan)
        return None if money is None or not self.plan.value.priced or self.waits else self.gain.less(money)

    @property
    def retrains(self) -> int:
        return sum(entry.what in RETRAINED for entry in self.entries)

    @property
    def promoted(self) -> int:
        return sum(entry.what == "promoted" for entry in self.entries)

    def as_json(self) -> dict[str, Any]:
        net = self.net
        return {
            "retrains": self.retrains,
            "promoted": self.promoted,
            "gain": None if self.waits else self.gain.as_json(),
            "seconds": self.cost.seconds,
            "acts": dict(self.cost.acts),
            "minutes": self.cost.minutes(self.plan),
            "cost": self.cost.money(self.plan),
            "net": net.as_json() if net else None,
        }
