"""The rows of a data day, what of its contract they broke, and what a person made of that."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from ml.records.record import Record

State = Literal["pulled", "accepted", "quarantined", "discarded"]
ActKind = Literal["release", "discard"]


class Violation(Record):
    """One broken rule of a contract: where, which rule, how many rows, and a sentence with value and limit.

    ``table`` is the upstream table whose rows break it; None means the pipeline's own rows. ``stops`` says that the
    rule is one of the whole day: it alone sets the day aside. ``why`` is what its owner wrote beside the rule.
    """

    column: str | None
    rule: str
    rows: int
    sentence: str
    table: str | None = None
    stops: bool = False
    why: str = ""

    @property
    def told(self) -> str:
        """The sentence with the owner's reason for the rule."""
        return f"{self.sentence} ({self.why})" if self.why else self.sentence

    @property
    def key(self) -> str:
        """What a release of the day lets pass: the rule and its place, whatever the values were."""
        return "/".join((self.table or "", self.column or "", self.rule))


class UpstreamPart(Record):
    """The rows of one upstream table on one data day, as they lie in the lake; refused ones with their reasons."""

    rows: int
    uri: str
    fingerprint: str
    refused: int = 0
    refused_uri: str | None = None


class Seen(Record):
    """The rows of a day as its drift check sees them: as the night of the data day ``night`` knew them first.

    Labels are those that came since.
    """

    night: date
    rows: int
    uri: str
    fingerprint: str


class Batch(Record):
    """The rows of one data day as they lie in the lake.

    ``uri`` is relative to the lake and content-addressed; ``fingerprint`` is the sha256 of the file.
    ``refused`` rows (with their reasons) lie in ``refused_uri``; they are not part of ``uri`` after ``validate``.
    ``upstream`` holds the rows of the tables that the day was joined from, by the table's name in the YAML;
    ``profile`` is the lake's place of the day's summary (see ``ml.profiles``), None until a contract has seen it.
    ``seen`` is what the drift check looks at (see ``ml.seen``), None for days that are not accepted.
    """

    pipeline: str
    day: date
    rows: int
    uri: str
    fingerprint: str
    state: State = "pulled"
    refused: int = 0
    refused_uri: str | None = None
    violations: tuple[Violation, ...] = ()
    upstream: dict[str, UpstreamPart] = Field(default_factory=dict)
    profile: str | None = None
    seen: Seen | None = None

    @property
    def as_seen(self) -> "Batch":
        """The batch with the rows that the drift check looks at."""
        if self.seen is None:
            return self
        return self.model_copy(update=self.seen.model_dump(exclude={"night"}))

    @property
    def stops(self) -> tuple[Violation, ...]:
        """The broken rules for which the whole day was set aside."""
        return tuple(v for v in self.violations if v.stops)

    @property
    def stopped_by(self) -> str:
        """The sentences of the first three of them with their tables, and how many more there are."""
        told = [v.told if v.table is None else f"{v.table}: {v.told}" for v in self.stops[:3]]
        more = f"; and {len(self.stops) - 3} more rules" if len(self.stops) > 3 else ""
        return ("; ".join(told) or "its rows broke the contract") + more


class QuarantineAct(Record):
    """What a person decided about a quarantined day: who and why.

    A release lets the rules pass whose ``Violation.key`` is in ``rules``, on this day alone, also when the day is
    pulled once more; a broken rule that is not among them quarantines the day again.
    """

    pipeline: str
    day: date
    act: ActKind
    by: str
    why: str
    rules: tuple[str, ...] = ()
    at: datetime
