"""How versions really did, for a person: when labels come, what became of predictions, and each day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ml.metrics import METRICS, beside
from ml.records import Matured, Outcomes, Performance, from_json
from ml.summary import sentence
from ml.truth import arrival

if TYPE_CHECKING:
    from ml.ledger import Ledger

DAYS = 14


@dataclass(frozen=True)
class Report:
    """What the newest night knew, and the performance of each day, oldest first; ``days`` are shown in lines."""

    pipeline: str
    newest: Matured | None
    outcomes: tuple[Outcomes, ...]
    performance: tuple[Performance, ...]
    days: int = DAYS

    @classmethod
    def of(cls, ledger: Ledger, pipeline: str, days: int = DAYS) -> Report:
        matured = ledger.outputs(pipeline, "mature")
        newest = from_json(matured[max(matured)]) if matured else None
        return cls(
            pipeline,
            newest if isinstance(newest, Matured) else None,
            tuple(ledger.outcomes(pipeline)),
            tuple(ledger.performance(pipeline)),
            days,
        )

    def lines(self) -> Iterator[str]:
        if self.newest is None:
            yield f"{self.pipeline}: no night has looked at what came true yet"
            return
        yield f"{self.pipeline}: {arrival.sentence(self.newest.curve, self.newest.label_delay)}"
        yield f"  {self._outcomes()}"
        realised = self.newest.realised
        unknown = "how the version in Production does is unknown: it has predicted no day whose labels are due"
        yield f"  {sentence(realised) if realised else unknown}"
        yield from self._days()

    def as_json(self) -> dict[str, Any]:
        return {
            "pipeline": self.pipeline,
            "newest": self.newest.model_dump(mode="json") if self.newest else None,
            "outcomes": [each.model_dump(mode="json") for each in self.outcomes],
            "performance": [each.model_dump(mode="json") for each in self.performance],
        }

    def _outcomes(self) -> str:
        if not self.outcomes:
            return "no night has looked at a day that was predicted yet"
        names = ("known", "waiting", "never", "unmatched")
        counts = ", ".join(f"{sum(getattr(o, name) for o in self.outcomes):,} {name}" for name in names)
        return f"predictions of {len(self.outcomes)} days: {counts}"

    def _days(self) -> Iterator[str]:
        """The newest days, each version and role on a line, with the slice where it did worst."""
        whole = [p for p in self.performance if p.first == p.day and p.column is None]
        newest = sorted({p.day for p in whole})[-self.days :]
        for found in (p for p in whole if p.day in newest):
            worst = self._worst(found)
            tail = f"; worst where {worst.column} is {worst.value}: {worst.realised:.4f}" if worst else ""
            yield f"    {_line(found)}{tail}"

    def _worst(self, whole: Performance) -> Performance | None:
        slices = [p for p in self.performance if p.column is not None and _same(p, whole) and p.realised is not None]
        metric = METRICS[whole.metric]
        return max(slices, key=lambda p: metric.worse_by(p.realised or 0.0, 0.0), default=None)


def _same(part: Performance, whole: Performance) -> bool:
    return (part.day, part.first, part.version, part.role) == (whole.day, whole.first, whole.version, whole.role)


def _line(found: Performance) -> str:
    about = f"{found.day}  version {found.version} {found.role:<10}"
    if found.realised is None:
        return f"{about}  unknown: {found.why}"
    ends = f" ({found.interval[0]:.4f} to {found.interval[1]:.4f})" if found.interval else ""
    means = f"  {beside(METRICS[found.metric].task, *found.bias)}" if found.bias else ""
    return f"{about}  {found.metric} {found.realised:.4f}{ends}{means}  {found.rows:,} rows"
