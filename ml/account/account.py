"""The account of a data day, whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ml import nights
from ml.account import data, deciding, judging, promoting, telling, training, watch
from ml.account.section import Section
from ml.account.traces import Traces
from ml.errors import NoData
from ml.messages.plain import printable
from ml.summary import sentence

if TYPE_CHECKING:
    from ml.ledger import Ledger

SECTIONS = (
    *(data.section, watch.drift, watch.diagnosis, deciding.section),
    *(training.section, judging.evaluation, judging.gates, promoting.section),
    *(telling.mails, telling.attempts),
)


@dataclass(frozen=True)
class Account:
    """Why a night ended as it did: ``said`` in one sentence, and in sections with every number."""

    pipeline: str
    day: date
    said: str
    sections: tuple[Section, ...]

    def lines(self) -> Iterator[str]:
        """The account for a terminal."""
        yield printable(f"{self.pipeline} {self.day}: {self.said}")
        for section in self.sections:
            yield from section.lines()

    def html(self, *names: str) -> str:
        """Some sections for a page."""
        return "".join(section.html() for section in self.sections if section.name in names)

    def as_json(self) -> dict[str, Any]:
        """The records behind the sections; a section that has nothing to say is null."""
        told = {section.name: section.data for section in self.sections}
        return {"pipeline": self.pipeline, "day": str(self.day), "said": self.said} | {n: told.get(n) for n in NAMES}


NAMES = (
    *("data", "drift", "diagnosis", "decision", "training"),
    *("evaluation", "gates", "production", "mails", "attempts"),
)


def of(ledger: "Ledger", pipeline: str, day: date | None = None) -> Account:
    """The account of a day, of the newest one when none is named; from the ledger alone.

    Raises
    ------
    NoData
        No night of the pipeline has seen this day.
    """
    days = nights.days(ledger.step_rows(pipeline))
    if not days or (day is not None and day not in days):
        known = f"its nights are of {days[0]} to {days[-1]}" if days else "it has had no night yet"
        raise NoData(f"{pipeline}: no night has seen {day or 'any day'}; {known}")
    traces = Traces(ledger, pipeline, day or days[-1])
    made = (section(traces) for section in SECTIONS)
    return Account(pipeline, traces.day, _said(traces), tuple(section for section in made if section is not None))


def _said(traces: Traces) -> str:
    decided = sentence(traces.decisions[-1].decision) if traces.decisions else "not decided"
    came = f"; {sentence(traces.tenures[-1].promotion)}" if traces.tenures else ""
    return f"{decided}{came}"
