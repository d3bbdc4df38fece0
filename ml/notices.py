"""Which days of a night are worth a mail of their own: set aside, mended, or with many rows refused."""

from collections.abc import Iterator
from datetime import date, timedelta

from ml import evidence, fates, holds, intake, messages, provenance
from ml.days import Span
from ml.fates import Fate
from ml.records import Alert, Batch, Decision
from ml.workspace import Run

QUIET_DAYS = 7


def of(run: Run, decision: Decision) -> list[Alert]:
    """The alerts that a night owes about its own day, and those about days that it read again which are not sent yet.

    Days that the first pull finds broken in the history are in ``nightshift quarantine list``, and no mails; a day
    that its diagnosis set aside is told by the mail of its drift.
    """
    recent = fates.of(run.workspace.ledger, run.name, Span.ending(run.day, intake.READ_AGAIN + 1))
    return [*_set_aside(run, recent, decision), *_mended(run, recent), *_refused(run, recent)]


def _set_aside(run: Run, recent: list[Fate], decision: Decision) -> Iterator[Alert]:
    held = [fate for fate in recent if fate.state == "quarantined" and not holds.diagnosed(fate.batch)]
    after = _last_night(run) if held else run.day
    for fate in reversed(held):
        if fate.day == run.day or (
            (fate.day > after or fate.fell) and not _sent(run, messages.set_aside_key(fate.batch))
        ):
            yield messages.quarantine_alert(
                fate.batch,
                decision if fate.day == run.day else None,
                provenance.links(run),
                evidence.exhibits(run, fate.batch),
                until=fate.day + timedelta(days=intake.READ_AGAIN),
                others=len(run.workspace.ledger.batches(run.name, state="quarantined")) - 1,
            )


def _last_night(run: Run) -> date:
    """The data day of the night before this one; the run's own when this is the first."""
    rows = run.workspace.ledger.step_rows(run.name)
    told = (row.day for row in rows if row.step == "notify" and row.outcome in ("done", "skipped"))
    return max((day for day in told if day < run.day), default=run.day)


def _mended(run: Run, recent: list[Fate]) -> Iterator[Alert]:
    for fate in recent:
        before = fate.set_aside
        if fate.state == "mended" and before is not None and not _sent(run, messages.mended_key(before)):
            yield messages.mended_alert(fate.batch, before, provenance.links(run))


def _sent(run: Run, key: str) -> bool:
    row = run.workspace.ledger.alert(key)
    return row is not None and row.state == "sent"


def _refused(run: Run, recent: list[Fate]) -> Iterator[Alert]:
    """A night whose day lost more than one row and more than half of what it may lose, after a week without such."""
    much = [fate.day for fate in recent if fate.state in ("accepted", "mended") and _much(run, fate.batch)]
    calm = not any(run.day - timedelta(days=QUIET_DAYS) <= day < run.day for day in much)
    if run.day in much and calm:
        batch = next(fate.batch for fate in recent if fate.day == run.day)
        yield messages.refused_alert(batch, provenance.links(run), evidence.exhibits(run, batch))


def _much(run: Run, batch: Batch) -> bool:
    rows = batch.rows + batch.refused
    return batch.refused > 1 and batch.refused / rows > run.pipeline.contract.refused.value / 2
