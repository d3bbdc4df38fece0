"""What became of each data day: accepted, set aside, mended, released or discarded, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from ml.days import Span
from ml.records import Batch, QuarantineAct

if TYPE_CHECKING:
    from ml.ledger import Ledger, VerdictRow

State = Literal["quarantined", "released", "discarded", "mended", "accepted"]


@dataclass(frozen=True)
class Fate:
    """A day as it was judged last, ``since`` when that is so, the verdicts before it, and what people decided."""

    batch: Batch
    since: datetime
    before: tuple[Batch, ...] = ()
    acts: tuple[QuarantineAct, ...] = ()

    @property
    def day(self) -> date:
        return self.batch.day

    @property
    def state(self) -> State:
        """What the day is: an accepted one that a person let in is released, one that once was set aside is mended."""
        if self.batch.state == "quarantined":
            return "quarantined"
        if self.batch.state == "discarded":
            return "discarded"
        if self.acts:
            return "released"
        return "mended" if self.set_aside else "accepted"

    @property
    def set_aside(self) -> Batch | None:
        """The day as it was quarantined before, if it was."""
        return next((batch for batch in reversed(self.before) if batch.state == "quarantined"), None)

    @property
    def fell(self) -> bool:
        """Whether it is quarantined now and was accepted before."""
        return self.state == "quarantined" and any(batch.state == "accepted" for batch in self.before)


def of(ledger: "Ledger", pipeline: str, span: Span | None = None) -> list[Fate]:
    """The fate of each judged day, oldest day first."""
    acts: dict[date, list[QuarantineAct]] = {}
    for act in ledger.acts(pipeline):
        acts.setdefault(act.day, []).append(act)
    return [_fate(rows, acts.get(day, [])) for day, rows in ledger.verdicts(pipeline, span).items()]


def _fate(rows: Sequence["VerdictRow"], acts: Sequence[QuarantineAct]) -> Fate:
    newest = rows[-1].batch
    since = newest_run(rows)[0].at
    return Fate(newest, since, tuple(row.batch for row in rows[:-1]), tuple(acts))


def newest_run(rows: Sequence["VerdictRow"]) -> Sequence["VerdictRow"]:
    """The verdicts at the end that say the same."""
    first = next((n for n, row in enumerate(reversed(rows)) if row.batch.state != rows[-1].batch.state), len(rows))
    return rows[len(rows) - first :]
