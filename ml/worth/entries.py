"""Each retrain that was asked for, and each move of Production that no retrain made: why, what it cost, what it gave.

A retrain's policy is what asked for it: the kinds of its decision's reasons, together where there were several. A gain
cannot be split between reasons that each would have led to the same retrain, so the combination stands for itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from ml.records import Promotion, Weighed
from ml.worth.cost import Cost

if TYPE_CHECKING:
    from ml.ledger import DecisionRow, Ledger

# The steps that only a retrain walks; ``deliver`` is in every line, and counts as the night's.
STEPS = (
    *("request", "snapshot", "train", "evaluate", "gate", "refit"),
    *("try_out", "ask", "invite", "approve", "promote", "announce"),
)
MAILS = ("result", "approval")
PERSON = ("approved", "rejected")


@dataclass(frozen=True)
class Entry:
    """A retrain, or another move of Production. ``weighed`` are the days of its version, beside the one it replaced.

    ``what`` came of it: promoted, not promoted, dry run; or the kind of the move.
    """

    day: date
    policy: str
    what: str
    version: int | None
    previous: int | None
    cost: Cost
    weighed: tuple[Weighed, ...] = ()

    @property
    def first(self) -> bool:
        """Whether it moved Production and replaced nothing: there is nothing to compare it with."""
        return self.version is not None and self.previous is None

    @property
    def waits(self) -> bool:
        """Whether it replaced a version and no day says yet what that gave."""
        return self.previous is not None and not any(each.state == "known" for each in self.weighed)


@dataclass(frozen=True)
class Entries:
    """All entries of a pipeline, oldest first, and what its nights cost beside them."""

    entries: tuple[Entry, ...]
    nights: Cost


def of(ledger: Ledger, pipeline: str) -> Entries:
    """What the ledger says of a pipeline's retrains and moves."""
    asked = [row for row in ledger.decisions(pipeline) if row.decision.retrain]
    costs = _costs(ledger, pipeline, asked)
    book = ledger.promotions(pipeline)
    weighed = _weighed(ledger, pipeline, book)
    made = {row.id: n for n, p in enumerate(book) if p.kind == "promotion" and (row := _asked(asked, p.day, p.at))}
    entries = [_retrain(row, book, made.get(row.id), costs[row.id], weighed) for row in asked]
    entries += [_moved(n, p, weighed) for n, p in enumerate(book) if n not in made.values()]
    return Entries(tuple(sorted(entries, key=lambda each: each.day)), costs[None])


def _asked(asked: Sequence[DecisionRow], day: date, at: datetime) -> DecisionRow | None:
    """The newest decision about a day that had been taken at a moment; None when none had asked for a retrain."""
    return next((row for row in reversed(asked) if row.decision.day == day and row.at <= at), None)


def _costs(ledger: Ledger, pipeline: str, asked: Sequence[DecisionRow]) -> dict[int | None, Cost]:
    """What each retrain cost by the number of its decision, and under None what belongs to no retrain."""
    found: dict[int | None, Cost] = defaultdict(Cost)
    for day, at, of_retrain, cost in _spent(ledger, pipeline):
        row = _asked(asked, day, at) if of_retrain else None
        found[row.id if row else None] += cost
    return found


def _spent(ledger: Ledger, pipeline: str) -> Iterator[tuple[date, datetime, bool, Cost]]:
    """Each thing that cost something: its data day, when, whether it is a retrain's, and the cost."""
    for step in ledger.step_rows(pipeline):
        if step.ended is not None:
            yield step.day, step.ended, step.step in STEPS, Cost(step.seconds or 0.0)
    for mail in ledger.sent(pipeline):
        yield mail.day, mail.at, mail.kind in MAILS, Cost(acts={"mail": 1})
    for answer in ledger.answers(pipeline):
        if answer.answer in PERSON:
            yield answer.day, answer.at, True, Cost(acts={"approval": 1})
    for act in ledger.acts(pipeline):
        yield act.day, act.at, False, Cost(acts={"quarantine": 1})


def _weighed(ledger: Ledger, pipeline: str, book: Sequence[Promotion]) -> dict[int, tuple[Weighed, ...]]:
    """The days that say what a move gave, by its place in the book."""
    found = defaultdict(list)
    for each in ledger.weighings(pipeline):
        if each.against == "replaced" and (place := _place(book, each)) is not None:
            found[place].append(each)
    return {place: tuple(rows) for place, rows in found.items()}


def _place(book: Sequence[Promotion], weighed: Weighed) -> int | None:
    """The newest move before the day that put this version into the place of that other one.

    A promotion whose approval came days after its night stands in the book before days that an earlier version served.
    """
    named = (weighed.version, weighed.other)
    moves = ((n, p) for n, p in enumerate(book) if p.day < weighed.day and (p.version, p.previous) == named)
    return max((n for n, _ in moves), default=None)


def _retrain(
    row: DecisionRow, book: Sequence[Promotion], at: int | None, cost: Cost, weighed: dict[int, tuple[Weighed, ...]]
) -> Entry:
    policy = " + ".join(sorted(set(row.decision.kinds)))
    if at is None:
        what = "dry run" if row.decision.dry_run else "not promoted"
        return Entry(row.decision.day, policy, what, None, None, cost)
    its = book[at]
    return Entry(its.day, policy, "promoted", its.version, its.previous, cost, weighed.get(at, ()))


def _moved(at: int, its: Promotion, weighed: dict[int, tuple[Weighed, ...]]) -> Entry:
    """A move that no retrain made; a promotion without a decision, as in an imported ledger, is one."""
    person = its.kind == "rollback" and its.by != "nightshift"
    cost = Cost(acts={"rollback": 1}) if person else Cost()
    return Entry(its.day, its.kind, its.kind, its.version, its.previous, cost, weighed.get(at, ()))
