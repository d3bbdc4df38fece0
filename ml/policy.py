"""When a model is retrained: every reason for it, and every reason that held it back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from ml.days import Days
from ml.records import Decision, Diagnosis, DriftReport, Reason, State, drifted_of
from ml.section import Section

RETRAINS = ("retrain", "recent")


@dataclass(frozen=True)
class Facts:
    """What is known when a data day is decided on; nothing in it comes from the clock of the machine.

    ``last_retrain`` is the data day of the newest decision before ``day`` that said retrain, ``new_rows`` the
    accepted rows of the days after it, up to and including ``day``. ``recent_window`` is how many days a retrain on
    recent rows alone sees.
    """

    pipeline: str
    day: date
    batch_state: State
    report: DriftReport | None = None
    diagnosis: Diagnosis | None = None
    recent_window: int | None = None
    champion_version: int | None = None
    last_retrain: date | None = None
    new_rows: int = 0
    quarantine_note: str | None = None


class RetrainPolicy(Section):
    """When a retrain is due. A trigger that is left out never fires; a pipeline without a champion always trains."""

    every: Annotated[Days, Field(ge=1)] | None = Field(
        default=None, description="So many data days after the last retrain.", examples=["1d", "1w"]
    )
    on_drift: bool = Field(
        default=False, description="When the drift check alarms and its diagnosis is bound to a retrain."
    )
    min_new_rows: int | None = Field(
        default=None, ge=1, description="When so many accepted rows came since the last retrain.", examples=[50_000]
    )

    def decide(self, facts: Facts) -> Decision:
        """Whether ``facts`` call for a retrain: the same facts give the same decision, whenever they are asked."""
        reasons = tuple(self._reasons(facts))
        against = tuple(_against(facts))
        return Decision(
            pipeline=facts.pipeline,
            day=facts.day,
            retrain=bool(reasons) and not against,
            reasons=reasons,
            against=against,
            window=_window(facts, reasons),
        )

    def _reasons(self, facts: Facts) -> Iterator[Reason]:
        for reason in (_first(facts), self._schedule(facts), self._drift(facts), self._new_data(facts)):
            if reason:
                yield reason

    def _schedule(self, facts: Facts) -> Reason | None:
        if self.every is None:
            return None
        if facts.last_retrain is None:
            return Reason(kind="schedule", sentence=f"never retrained; due every {_days(self.every)}")
        since = (facts.day - facts.last_retrain).days
        sentence = f"{_days(since)} since the last retrain on {facts.last_retrain}; due every {_days(self.every)}"
        return Reason(kind="schedule", sentence=sentence) if since >= self.every else None

    def _drift(self, facts: Facts) -> Reason | None:
        report, found = facts.report, facts.diagnosis
        if report is None or not self.on_drift or not report.alarm:
            return None
        if found is not None and found.action not in RETRAINS:
            return None
        count = drifted_of(report.columns)
        why = f"; {found.sentence}" if found else ""
        return Reason(kind="drift", sentence=f"the drift check alarmed, {count}: {', '.join(report.drifted)}{why}")

    def _new_data(self, facts: Facts) -> Reason | None:
        if self.min_new_rows is None or facts.new_rows < self.min_new_rows:
            return None
        since = f"since the last retrain on {facts.last_retrain}" if facts.last_retrain else "so far"
        return Reason(kind="new data", sentence=f"{facts.new_rows} accepted rows {since} (>= {self.min_new_rows})")


def _first(facts: Facts) -> Reason | None:
    if facts.champion_version is not None:
        return None
    return Reason(kind="first model", sentence="no version is in Production yet")


def _window(facts: Facts, reasons: tuple[Reason, ...]) -> int | None:
    """The days that a retrain sees, where what leads to the label changed; None for the owner's usual window."""
    recent = facts.diagnosis is not None and facts.diagnosis.action == "recent"
    return facts.recent_window if recent and any(reason.kind == "drift" for reason in reasons) else None


def _against(facts: Facts) -> Iterator[str]:
    if facts.diagnosis is not None and facts.diagnosis.kind == "data fault":
        yield f"the drift of {facts.day} was diagnosed as a {facts.diagnosis.sentence}"
    if facts.batch_state == "quarantined":
        note = facts.quarantine_note or "its rows broke the contract"
        yield f"the data of {facts.day} is quarantined: {note}"
    if facts.batch_state == "discarded":
        yield f"the data of {facts.day} was discarded"


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"
