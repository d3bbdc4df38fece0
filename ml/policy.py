"""When a model is retrained: every reason for it, and every reason that held it back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import Field

from ml.days import Days
from ml.metrics import METRICS
from ml.records import Decision, Diagnosis, DriftReport, Performance, Reason, State, drifted_of
from ml.section import Section

RETRAINS = ("retrain", "recent")
PATIENT = {"schedule", "new data"}  # reasons that are as good in a week as today


@dataclass(frozen=True)
class Facts:
    """What is known when a data day is decided on; nothing in it comes from the clock of the machine.

    ``last_retrain`` is the data day of the newest decision before ``day`` that said retrain, ``new_rows`` the
    accepted rows of the days after it, up to and including ``day``. ``recent_window`` is how many days a retrain on
    recent rows alone sees. ``realised`` is how the version in Production really did on its newest days whose labels are
    due, ``expected`` what its evaluation said; ``last_drop`` is the newest earlier day on which a fall of performance
    asked for a retrain. ``new_labels`` are the labels that came since the last retrain. ``tried`` is the version that
    sees traffic before Production meanwhile, if one does.
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
    new_labels: int = 0
    realised: Performance | None = None
    expected: float | None = None
    last_drop: date | None = None
    quarantine_note: str | None = None
    tried: int | None = None


class PerformanceDrop(Section):
    """The version in Production really does worse than its evaluation said.

    It does when its newest ``days`` data days whose labels are due, all of them predicted by this version, have a
    metric that is worse by more than ``by`` even at the better end of its 95 % interval, which is from whole days. The
    same days ask once: when nothing came of a retrain, only as many new ones ask again.
    """

    by: float = Field(gt=0, description="So much worse, in units of `evaluation.metric`.", examples=[0.02])
    days: Annotated[Days, Field(ge=3, description="On so many of its newest data days.")] = 7

    def sentence(self, realised: Performance | None, expected: float | None) -> str | None:
        """By how much it fell, with all numbers; None when it did not, or when that is not known."""
        if realised is None or realised.realised is None or realised.interval is None or expected is None:
            return None
        metric = METRICS[realised.metric]
        low, high = realised.interval
        least = metric.worse_by(low if metric.better == "lower" else high, expected)
        if realised.blocks < 3 or not least > self.by:
            return None
        return (
            f"version {realised.version} really has a {metric.name} of {realised.realised:.4f} "
            f"({low:.4f} to {high:.4f}) on {realised.rows:,} rows of {realised.first} to {realised.day}, "
            f"where its evaluation said {expected:.4f}: worse by at least {least:.4f} (> {self.by:g})"
        )


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

    new_labels: int | None = Field(
        default=None, ge=1, description="When so many labels came since the last retrain.", examples=[20_000]
    )
    performance_drop: PerformanceDrop | None = Field(
        default=None, description="When the version in Production really does worse than its evaluation said."
    )

    def decide(self, facts: Facts) -> Decision:
        """Whether ``facts`` call for a retrain: the same facts give the same decision, whenever they are asked."""
        reasons = tuple(self._reasons(facts))
        against = (*_against(facts), *_tried(facts, reasons))
        return Decision(
            pipeline=facts.pipeline,
            day=facts.day,
            retrain=bool(reasons) and not against,
            reasons=reasons,
            against=against,
            window=_window(facts, reasons),
        )

    def _reasons(self, facts: Facts) -> Iterator[Reason]:
        timed = (_first(facts), self._schedule(facts), self._drift(facts))
        for reason in (*timed, self._new_data(facts), self._new_labels(facts), self._performance(facts)):
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
        return Reason(kind="new data", sentence=f"{facts.new_rows:,} accepted rows {since} (>= {self.min_new_rows:,})")

    def _new_labels(self, facts: Facts) -> Reason | None:
        if self.new_labels is None or facts.new_labels < self.new_labels:
            return None
        since = f"since the last retrain on {facts.last_retrain}" if facts.last_retrain else "so far"
        return Reason(kind="new data", sentence=f"{facts.new_labels} labels came {since} (>= {self.new_labels})")

    def _performance(self, facts: Facts) -> Reason | None:
        if self.performance_drop is None:
            return None
        sentence = self.performance_drop.sentence(facts.realised, facts.expected)
        asked = facts.last_drop is not None and facts.realised is not None and facts.realised.first <= facts.last_drop
        return Reason(kind="performance", sentence=sentence) if sentence and not asked else None


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


def _tried(facts: Facts, reasons: Sequence[Reason]) -> Iterator[str]:
    """A newer challenger would end the tryout that is under way; what can wait does not ask for one."""
    if facts.tried is not None and reasons and {reason.kind for reason in reasons} <= PATIENT:
        yield f"version {facts.tried} sees traffic before Production, and a newer challenger would end its tryout"


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"
