"""A pipeline's past in the order in which it happened: its nights, and what came between them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ml import nights, tenures
from ml.messages.plain import printable
from ml.nights import Night
from ml.summary import sentence
from ml.tenures import Tenure

if TYPE_CHECKING:
    from ml.ledger import Ledger


@dataclass(frozen=True)
class Event:
    """What happened at a moment outside of the nights, in one line."""

    at: datetime
    said: str

    def line(self) -> str:
        return printable(f"{self.at:%Y-%m-%d %H:%M} UTC  {self.said}")


@dataclass(frozen=True)
class Timeline:
    """The nights by data day, the tenures, and the events between them."""

    pipeline: str
    nights: Sequence[Night]
    tenures: Sequence[Tenure]
    events: Sequence[Event]

    def lines(self) -> Iterator[str]:
        """A line for each night and each event; an event stands before the first night that began after it."""
        waiting = list(self.events)
        for night in self.nights:
            while waiting and night.began is not None and waiting[0].at < night.began:
                yield f"  {waiting.pop(0).line()}"
            yield night.line()
        yield from (f"  {event.line()}" for event in waiting)
        if self.tenures:
            yield from ("", "in Production", *(f"  {printable(tenure.line())}" for tenure in self.tenures))

    def as_json(self) -> dict[str, Any]:
        return {
            "pipeline": self.pipeline,
            "nights": [night.as_json() for night in self.nights],
            "production": [tenure.as_json() for tenure in self.tenures],
            "events": [{"at": event.at.isoformat(), "said": event.said} for event in self.events],
        }


def of(ledger: "Ledger", pipeline: str) -> Timeline:
    """The past of a pipeline."""
    told = nights.of(ledger, pipeline)
    return Timeline(pipeline, told, tenures.of(ledger, pipeline), sorted(_events(ledger, pipeline, told), key=_at))


def _at(event: Event) -> datetime:
    return event.at


def _events(ledger: "Ledger", pipeline: str, told: Sequence[Night]) -> Iterator[Event]:
    known = [night.promotion for night in told]
    for promotion in ledger.promotions(pipeline):
        if promotion not in known:
            yield Event(promotion.at, f"version {promotion.version} is in Production: {tenures.came(promotion)}")
    for act in ledger.acts(pipeline):
        done = {"release": "released", "discard": "discarded"}[act.act]
        yield Event(act.at, f"the data of {act.day} was {done} by {act.by}: {act.why}")
    for answered in ledger.answers(pipeline):
        if answered.answer != "auto":
            yield Event(answered.at, sentence(answered))
