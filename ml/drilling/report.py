"""What a drill found: a table for people, a document for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from ml.drilling.exercise import Exercise, is_consequence

_SHOWN_SLIPS = 3
_SHOWN_RULES = 3


@dataclass(frozen=True)
class FaultResult:
    """One kind of fault: all of its exercises, or why it could not strike."""

    kind: str
    what: str
    how: str
    exercises: tuple[Exercise, ...]
    cannot: str | None = None

    @property
    def caught(self) -> int:
        return sum(one.caught for one in self.exercises)

    @property
    def slipped(self) -> tuple[Exercise, ...]:
        return tuple(one for one in self.exercises if not one.caught)

    @property
    def first(self) -> str | None:
        """The rule that spoke first most often."""
        said = Counter(one.by[0] for one in self.exercises if one.caught and one.by)
        return said.most_common(1)[0][0] if said else None

    @property
    def rules(self) -> tuple[str, ...]:
        """All rules that spoke: those that spoke first, then the others, the most frequent first."""
        said = Counter(rule for one in self.exercises if one.caught for rule in one.by)
        first = Counter(one.by[0] for one in self.exercises if one.caught and one.by)
        return tuple(sorted(said, key=lambda rule: (-first[rule], is_consequence(rule), -said[rule])))

    def as_json(self) -> dict[str, Any]:
        return {
            "fault": self.kind,
            "what": self.what,
            "injected": len(self.exercises),
            "caught": self.caught,
            "first": self.first,
            "rules": list(self.rules),
            "slipped": [
                {"day": str(one.day), "detail": one.detail, "damaged": one.damaged, "refused": one.refused}
                | {"remedy": one.remedy.yaml if one.remedy else None, "by": one.remedy.rule if one.remedy else None}
                for one in self.slipped
            ],
            "cannot": self.cannot,
        }


@dataclass(frozen=True)
class DrillReport:
    """A whole drill. ``stopped`` holds the clean days that the contract stopped, each with its reasons."""

    pipeline: str
    seed: int
    days: tuple[date, ...]
    clean_days: int
    stopped: Mapping[date, str]
    faults: tuple[FaultResult, ...] = field(default=())

    @cached_property
    def injected(self) -> int:
        return sum(len(fault.exercises) for fault in self.faults)

    @cached_property
    def caught(self) -> int:
        return sum(fault.caught for fault in self.faults)

    @property
    def score(self) -> float:
        """The contract's mutation score: the share of injected faults that it caught; 0 when none was injected."""
        return self.caught / self.injected if self.injected else 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            "pipeline": self.pipeline,
            "seed": self.seed,
            "days": [str(day) for day in self.days],
            "injected": self.injected,
            "caught": self.caught,
            "score": round(self.score, 4),
            "clean_days": self.clean_days,
            "false_stops": len(self.stopped),
            "stopped": {str(day): why for day, why in self.stopped.items()},
            "faults": [fault.as_json() for fault in self.faults],
        }

    def lines(self) -> Iterator[str]:
        """The table, then what slipped with the rule that would have caught it, then the sum."""
        yield f"{self.pipeline}: each fault into copies of {len(self.days)} days, {self.days[0]} to {self.days[-1]}"
        yield ""
        yield from self._table()
        yield from self._slips()
        yield from self._cannot()
        yield from self._stops()
        yield ""
        yield (
            f"{self.caught} of {self.injected} injected faults caught ({self.score:.0%}); "
            f"{len(self.stopped)} of {self.clean_days} clean days stopped"
        )

    def _table(self) -> Iterator[str]:
        struck = [fault for fault in self.faults if fault.exercises]
        width = max((len(fault.kind) for fault in struck), default=0)
        for fault in struck:
            rules = [*fault.rules[:_SHOWN_RULES], *(["…"] if len(fault.rules) > _SHOWN_RULES else [])]
            count = f"{fault.caught:>2} of {len(fault.exercises):>2}"
            yield f"{fault.kind:<{width}}  {count}  {', '.join(rules) or 'no rule'}"

    def _slips(self) -> Iterator[str]:
        for fault in self.faults:
            for n, one in enumerate(fault.slipped):
                if n == _SHOWN_SLIPS:
                    yield f"  … and {len(fault.slipped) - n} more"
                    break
                if n == 0:
                    yield ""
                    yield f"{fault.kind} slipped: {fault.what}"
                yield f"  {one.day} {one.detail} ({one.damaged:,} rows damaged, {one.refused:,} of them refused)"
                yield from _remedy(one)

    def _cannot(self) -> Iterator[str]:
        lacking = [fault.cannot for fault in self.faults if fault.cannot]
        if lacking:
            yield ""
            yield from lacking

    def _stops(self) -> Iterator[str]:
        if self.stopped:
            yield ""
            yield "clean days that the contract stops:"
        for day, why in self.stopped.items():
            yield f"  {day} {why}"


def _remedy(one: Exercise) -> Iterator[str]:
    if one.remedy is None:
        yield "    no single rule was found that sees it and stops no clean day; the drift check looks at what is left"
        return
    yield f"    {one.remedy.rule} would have caught it, and stops none of {one.remedy.clean_days} clean days:"
    yield from (f"      {line}" for line in one.remedy.yaml.splitlines())
