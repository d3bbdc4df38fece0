"""What a person may do with a quarantined day: let it in, or give it up for good."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from ml import fates, holds, intake
from ml.days import Span
from ml.errors import ConfigError, DataError
from ml.records import ActKind, Batch, QuarantineAct
from ml.workspace import Run


@dataclass(frozen=True)
class Acted:
    """An act and the day as it is then. ``again`` says that the act was there already, and no second one was kept."""

    act: QuarantineAct
    batch: Batch
    again: bool = False


@contextmanager
def alone(run: Run) -> Iterator[None]:
    """Judge days of a pipeline while nobody else does: neither a night nor a person.

    Raises
    ------
    ServiceUnavailable
        Somebody has been at it for ten minutes.
    """
    with run.workspace.ledger.lock(f"quarantine of {run.name}"):
        yield


def release(run: Run, by: str, why: str, rows: bool = False) -> Acted:
    """Let the run's day in: waive the rules that it was stopped for, and judge it again from the rows as they came.

    With ``rows`` the row rules that it breaks are waived as well, so that no row of it is refused; so the refused rows
    of an accepted day can be let in, too. An accepted day whose shift is in doubt is cleared: retrains learn from it.

    Raises
    ------
    ConfigError
        There is no reason.
    NoData
        The day is unknown, or was never judged.
    DataError
        The day is neither quarantined nor in doubt and has no refused rows; or it was discarded; or it cannot be used
        even so.
    """
    why = _reason(why)
    with alone(run):
        batch = fates.of_day(run).batch
        _refuse_discarded(run, batch)
        waived = run.workspace.ledger.waived(run.name).get(run.day, frozenset())
        rules = {v.key for v in batch.violations if v.stops or rows} - waived
        if not rules and _doubted(run, batch):
            return _keep(run, "release", by, why, (holds.DOUBT,), batch)
        if not rules:
            return _acted_before(run, batch, "release")
        judged = intake.check(run, _as_pulled(run, batch), waived | rules)
        _refuse_unusable(run, judged)
        return _keep(run, "release", by, why, tuple(sorted(rules)), judged)


def discard(run: Run, by: str, why: str) -> Acted:
    """Give the run's day up for good: it is in no window and no reference, whatever upstream sends for it later.

    A day that was released can be discarded as well: so a release is taken back; and so can a day that is in doubt.

    Raises
    ------
    ConfigError
        There is no reason.
    NoData
        The day is unknown, or was never judged.
    DataError
        The day is accepted by the contract itself.
    """
    why = _reason(why)
    with alone(run):
        batch = fates.of_day(run).batch
        released = any(act.act == "release" for act in run.workspace.ledger.acts(run.name, run.day))
        may = batch.state == "quarantined" or released or _doubted(run, batch)
        if batch.state == "discarded" or not may:
            return _acted_before(run, batch, "discard")
        return _keep(run, "discard", by, why, (), batch.model_copy(update={"state": "discarded"}))


def _doubted(run: Run, batch: Batch) -> bool:
    return batch.state == "accepted" and run.day in holds.doubted_now(run.workspace, run.name)


def _reason(why: str) -> str:
    if not why.strip():
        raise ConfigError("an act needs a reason; say in --why what makes you sure")
    return why.strip()


def _refuse_discarded(run: Run, batch: Batch) -> None:
    if batch.state == "discarded":
        act = run.workspace.ledger.acts(run.name, run.day)[-1]
        raise DataError(f"{run} was discarded for good by {act.by} on {act.at:%Y-%m-%d}: {act.why}")


def _refuse_unusable(run: Run, judged: Batch) -> None:
    if judged.state == "quarantined":
        left = "; ".join(violation.told for violation in judged.stops)
        raise DataError(f"{run} cannot be released: without those rules its rows break another, {left}")


def _as_pulled(run: Run, batch: Batch) -> Batch:
    """The newest rows of the day as they came."""
    return next(iter(run.workspace.ledger.pulls(run.name, Span(run.day, run.day))), batch)


def _acted_before(run: Run, batch: Batch, kind: ActKind) -> Acted:
    """The act that already made the day what it is; without one there is nothing to act on."""
    acts = [act for act in run.workspace.ledger.acts(run.name, run.day) if act.act == kind]
    if not acts:
        refused = f", with {batch.refused:,} refused rows (--rows lets them in)" if batch.refused else ""
        raise DataError(f"{run} is not quarantined: it is {batch.state}{refused}; there is nothing to {kind}")
    return Acted(acts[-1], batch, again=True)


def _keep(run: Run, kind: ActKind, by: str, why: str, rules: tuple[str, ...], judged: Batch) -> Acted:
    act = QuarantineAct(pipeline=run.name, day=run.day, act=kind, by=by, why=why, rules=rules, at=datetime.now(UTC))
    run.workspace.ledger.record_act(act, judged)
    return Acted(act, judged)
