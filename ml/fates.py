"""What became of each data day: accepted, set aside, mended, released or discarded, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from ml.days import Span
from ml.errors import NoData
from ml.messages.exhibit import rule_name
from ml.messages.letter import listed
from ml.messages.plain import printable
from ml.messages.quarantine import ordered
from ml.records import Batch, QuarantineAct
from ml.workspace import Run

if TYPE_CHECKING:
    from ml.ledger import Ledger, VerdictRow

State = Literal["quarantined", "released", "discarded", "mended", "accepted"]
DONE = {"release": "released", "discard": "discarded"}


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
    def rules(self) -> tuple[str, ...]:
        """The broken rules by name: those that stop a quarantined day, else all."""
        shown = self.batch.stops if self.state == "quarantined" and self.batch.stops else ordered(self.batch)
        return tuple(dict.fromkeys(rule_name(violation) for violation in shown))

    @property
    def fell(self) -> bool:
        """Whether it is quarantined now and was accepted before."""
        return self.state == "quarantined" and any(batch.state == "accepted" for batch in self.before)

    def line(self) -> str:
        """The day in one line."""
        since = f"since {self.since:%Y-%m-%d %H:%M} UTC"
        return printable(f"{self.day}  {self.state:<11}  {since}  {self._rows():<20}  {listed(self.rules)}").rstrip()

    def _rows(self) -> str:
        own, parts = self.batch, self.batch.upstream.items()
        tables = [(f" of {name}", part.refused, part.rows) for name, part in parts]
        lost = [("", own.refused, own.rows + own.refused), *tables] if own.state == "accepted" else []
        said = [f"{refused:,} of {rows:,} rows{of} refused" for of, refused, rows in lost if refused]
        return ", ".join(said) or f"{own.rows:,} rows"

    @property
    def refused(self) -> int:
        """How many rows were refused, its own and those of the tables that it was joined from."""
        return self.batch.refused + sum(part.refused for part in self.batch.upstream.values())

    def decided(self) -> list[str]:
        """What people decided, a line for each act."""
        return [printable(f"{a.at:%Y-%m-%d %H:%M} UTC  {DONE[a.act]} by {a.by}: {a.why}") for a in self.acts]

    def as_json(self) -> dict[str, Any]:
        """The day with its newest verdict, what people decided, and since when it is so."""
        batch = self.batch
        return {
            "pipeline": batch.pipeline,
            "day": str(self.day),
            "state": self.state,
            "since": self.since.isoformat(),
            "rows": batch.rows,
            "refused": batch.refused,
            "upstream": {name: {"rows": part.rows, "refused": part.refused} for name, part in batch.upstream.items()},
            "rules": [violation.model_dump(mode="json") | {"key": violation.key} for violation in ordered(batch)],
            "acts": [act.model_dump(mode="json") for act in self.acts],
        }


def of(ledger: "Ledger", pipeline: str, span: Span | None = None) -> list[Fate]:
    """The fate of each judged day, oldest day first."""
    acts: dict[date, list[QuarantineAct]] = {}
    for act in ledger.acts(pipeline):
        acts.setdefault(act.day, []).append(act)
    return [_fate(rows, acts.get(day, [])) for day, rows in ledger.verdicts(pipeline, span).items()]


def of_day(run: Run) -> Fate:
    """The fate of the run's day.

    Raises
    ------
    NoData
        The day is unknown, or was never judged.
    """
    span = Span(run.day, run.day)
    found = of(run.workspace.ledger, run.name, span)
    if found:
        return found[0]
    if run.workspace.ledger.pulls(run.name, span):
        raise NoData(f"{run} was pulled and not judged yet; run `nightshift nightly {run.name} --day {run.day}` first")
    days = [batch.day for batch in run.workspace.ledger.batches(run.name)]
    known = f"the known days are {days[0]} to {days[-1]}" if days else "no day of this pipeline is"
    raise NoData(f"{run} is not known: no night has pulled this day; {known}")


def worth_telling(ledger: "Ledger", pipeline: str) -> list[Fate]:
    """The days that are more than accepted: waiting ones first, then decided ones, then those with refused rows.

    The newest day of each kind comes first.
    """
    order = ("quarantined", "released", "discarded", "mended", "accepted")
    found = [fate for fate in of(ledger, pipeline) if fate.state != "accepted" or fate.refused]
    return sorted(found, key=lambda fate: (order.index(fate.state), -fate.day.toordinal()))


def _fate(rows: Sequence["VerdictRow"], acts: Sequence[QuarantineAct]) -> Fate:
    newest = rows[-1].batch
    since = newest_run(rows)[0].at
    return Fate(newest, since, tuple(row.batch for row in rows[:-1]), tuple(acts))


def newest_run(rows: Sequence["VerdictRow"]) -> Sequence["VerdictRow"]:
    """The verdicts at the end that say the same."""
    first = next((n for n, row in enumerate(reversed(rows)) if row.batch.state != rows[-1].batch.state), len(rows))
    return rows[len(rows) - first :]
