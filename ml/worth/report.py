"""What retrains were worth: all together, by policy, by promotion, and beside nobody retraining."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml.prices.plan import WorthPlan
from ml.worth import entries
from ml.worth.balance import Balance
from ml.worth.cost import Cost
from ml.worth.gain import LEVEL, Gain, gain

if TYPE_CHECKING:
    from ml.config import PipelineConfig
    from ml.ledger import Ledger


@dataclass(frozen=True)
class Report:
    """``all`` and ``policies`` leave out what is compared with nothing, the first version; ``single`` has it too.

    ``stale`` is what serving gave over a version that nobody had retrained for ``plan.stale`` days; ``nights`` is what
    the nights cost, which are no retrain's. ``unit`` is that of all gains, ``metric`` the pipeline's own.
    """

    pipeline: str
    plan: WorthPlan
    metric: str
    unit: str
    all: Balance
    policies: dict[str, Balance]
    single: tuple[Balance, ...]
    stale: Gain
    nights: Cost

    @classmethod
    def of(cls, ledger: Ledger, config: PipelineConfig) -> Report:
        """What the ledger says, at the prices of the YAML as it is now."""
        plan, metric = config.worth, config.evaluation.metric
        found = entries.of(ledger, config.name)
        counts = [entry for entry in found.entries if not entry.first]
        aged = [each for each in ledger.weighings(config.name) if each.against == "stale"]
        names = sorted({entry.policy for entry in counts})
        return cls(
            pipeline=config.name,
            plan=plan,
            metric=metric,
            unit=plan.currency if plan.value.priced else plan.value.unit(metric),
            all=Balance.of(counts, plan, metric),
            policies={n: Balance.of([e for e in counts if e.policy == n], plan, metric) for n in names},
            single=tuple(Balance.of([entry], plan, metric) for entry in found.entries),
            stale=gain(aged, plan.value, metric),
            nights=found.nights,
        )

    @property
    def drawable(self) -> bool:
        """Whether any day says what a retrain gave, so that there is something to draw."""
        return bool(self.all.gain.days or self.stale.days)

    def as_json(self) -> dict[str, Any]:
        return {
            "pipeline": self.pipeline,
            "unit": self.unit,
            "level": LEVEL,
            "all": self.all.as_json(),
            "policies": {name: balance.as_json() for name, balance in self.policies.items()},
            "promotions": [_as_json(balance) for balance in self.single],
            "stale": {"days": self.plan.stale, "gain": self.stale.as_json()},
            "nights": {
                "seconds": self.nights.seconds,
                "acts": dict(self.nights.acts),
                "cost": self.nights.money(self.plan),
            },
        }


def _as_json(balance: Balance) -> dict[str, Any]:
    its = balance.entries[0]
    why = sorted({each.why for each in its.weighed if each.why})
    about = {"policy": its.policy, "what": its.what, "version": its.version, "previous": its.previous}
    return {"day": str(its.day), **about, "unknown_because": why, **balance.as_json()}
