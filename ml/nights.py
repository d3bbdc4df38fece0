"""A pipeline's nights as the ledger tells them: each stage with its time, what was decided, what is in Production."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ml import fates, lines
from ml.fates import Fate
from ml.records import Decision, Matured, Promotion, from_json
from ml.summary import of_step, sentence

if TYPE_CHECKING:
    from ml.ledger import Ledger, StepRow

_MARKS = {"done": "ok", "skipped": "-", "failed": "FAILED", "running": "running", "lost": "LOST"}


@dataclass(frozen=True)
class Night:
    """One data day: the newest attempt at each step in the order they began, and what came of it."""

    pipeline: str
    day: date | None
    steps: Sequence["StepRow"]
    decision: Decision | None
    promotion: Promotion | None
    fate: Fate | None = None

    @property
    def began(self) -> datetime | None:
        """When the first of its newest attempts began."""
        return min((row.started for row in self.steps), default=None)

    def line(self) -> str:
        """The night in one line."""
        failed = [s for s in self.steps if s.outcome in ("failed", "lost")]
        if failed:
            return f"{self.day}  {failed[-1].step} {failed[-1].outcome}: {failed[-1].error or 'its process died'}"
        decided = sentence(self.decision) if self.decision else "not decided"
        promoted = f"; {sentence(self.promotion)}" if self.promotion else ""
        return f"{self.day}  {decided}{promoted}{self._realised()}{self._since()}"

    def lines(self) -> list[str]:
        """The night stage by stage."""
        if self.day is None:
            return [f"{self.pipeline}: no night yet"]
        return [f"{self.pipeline} {self.day}", *(_step_line(s) for s in self.steps), f"  {self._outcome()}"]

    def _outcome(self) -> str:
        promoted = sentence(self.promotion) if self.promotion else "Production did not change"
        return f"{promoted}{self._since()}"

    def _realised(self) -> str:
        """How the version in Production really did and is expected to do, as this night knew it."""
        output = next((row.output for row in self.steps if row.step == "mature" and row.output), None)
        matured = from_json(output) if output else None
        if not isinstance(matured, Matured):
            return ""
        expected = matured.estimated if matured.estimated and matured.estimated.state == "estimated" else None
        really = f"; really: {sentence(matured.realised)}" if matured.realised else ""
        return f"{really}; expected: {sentence(expected)}" if expected else really

    def _since(self) -> str:
        """What became of the day's data after its night."""
        if self.fate is None or self.fate.state == "accepted" or (self.fate.state == "quarantined" and self._held):
            return ""
        who = f" by {self.fate.acts[-1].by}" if self.fate.state in ("released", "discarded") else ""
        return f"; its data is {self.fate.state}{who} since {self.fate.since:%Y-%m-%d %H:%M} UTC"

    @property
    def _held(self) -> bool:
        return self.decision is not None and bool(self.decision.against)

    def as_json(self) -> dict[str, Any]:
        return {
            "pipeline": self.pipeline,
            "day": str(self.day) if self.day else None,
            "steps": [_step_json(s) for s in self.steps],
            "decision": self.decision.model_dump(mode="json") if self.decision else None,
            "promotion": self.promotion.model_dump(mode="json") if self.promotion else None,
            "data": self.fate.as_json() if self.fate else None,
        }


def of(ledger: "Ledger", pipeline: str) -> list[Night]:
    """All nights of a pipeline, oldest first."""
    rows = ledger.step_rows(pipeline)
    decisions = {row.decision.day: row.decision for row in ledger.decisions(pipeline)}
    promotions = {p.day: p for p in ledger.promotions(pipeline) if p.kind == "promotion"}
    became = {fate.day: fate for fate in fates.of(ledger, pipeline)}
    return [
        Night(pipeline, day, _newest_attempts(rows, day), decisions.get(day), promotions.get(day), became.get(day))
        for day in days(rows)
    ]


def days(rows: Sequence["StepRow"]) -> list[date]:
    """The data days that had a night, oldest first: more was walked on them than the scoring of the day after."""
    scoring: list[str] = []
    lines.score(lambda step, *inputs: scoring.append(step.__name__))
    return sorted({row.day for row in rows if row.step not in scoring})


def newest(ledger: "Ledger", pipeline: str) -> Night:
    """The newest night of a pipeline; one without a day when there was none."""
    nights = of(ledger, pipeline)
    return nights[-1] if nights else Night(pipeline, None, (), None, None)


def _newest_attempts(rows: Sequence["StepRow"], day: date) -> list["StepRow"]:
    return sorted({row.step: row for row in rows if row.day == day}.values(), key=lambda row: row.id)


def _step_line(row: "StepRow") -> str:
    seconds = f"{row.seconds:6.1f} s" if row.seconds is not None else "        "
    return f"  {row.step:<11} {seconds}  {_MARKS[row.outcome]:<7} {_said(row)}"


def _said(row: "StepRow") -> str:
    return of_step(row.step, from_json(row.output)) if row.output else row.error or ""


def _step_json(row: "StepRow") -> dict[str, Any]:
    return {
        "step": row.step,
        "attempt": row.attempt,
        "outcome": row.outcome,
        "seconds": row.seconds,
        "said": _said(row),
        "result": row.output,
        "external": row.external,
    }
