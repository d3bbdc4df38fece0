"""Every night: the matured days that no night has weighed yet, with the versions that were replaced."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ml.days import Span
from ml.records import Batch, Weighed
from ml.worth.scale import Scale
from ml.worth.served import Pair, pairs

if TYPE_CHECKING:
    from ml.workspace import Run

# A night weighs at most so many days: the newest first, the others wait for the nights after it.
DAYS = 14


def weigh(run: Run, due: int) -> list[Weighed]:
    """Weigh the accepted days whose labels are ``due`` days old, and keep what they gave; once more changes nothing.

    At most DAYS days, three versions and the YAML's ``worth.rows`` rows each. A version that is gone leaves the day
    unknown, with the reason.
    """
    scale = Scale(run)
    found = [each for batch, wanted in pending(run, due)[:DAYS] for each in scale.day(batch, wanted)]
    for weighed in found:
        run.workspace.ledger.record_weighing(weighed)
    return found


def pending(run: Run, due: int) -> list[tuple[Batch, list[Pair]]]:
    """The matured days of which a comparison is missing, newest first."""
    ledger, newest = run.workspace.ledger, run.day - timedelta(days=due)
    book = ledger.promotions(run.name)
    if not book or book[0].day >= newest:
        return []
    known = {(each.day, each.against) for each in ledger.weighings(run.name)}
    stale, began = run.pipeline.worth.stale, _began(run)
    batches = ledger.batches(run.name, Span(book[0].day + timedelta(days=1), newest), state="accepted")
    wanted = (
        (batch, [pair for pair in pairs(book, batch.day, stale, began) if (pair.day, pair.against) not in known])
        for batch in sorted(batches, key=lambda each: each.day, reverse=True)
    )
    return [(batch, missing) for batch, missing in wanted if missing]


def _began(run: Run) -> dict[date, datetime]:
    """When the night of each day began that has had one: when it was first asked what came true."""
    rows = run.workspace.ledger.step_rows(run.name)
    return {row.day: row.started for row in reversed(rows) if row.step == "mature"}
