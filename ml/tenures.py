"""Which version was in Production from when until when, and how it came there; from the ledger alone.

MLflow remembers a version's newest stage and nothing before it (https://github.com/mlflow/mlflow/issues/2169), and
loses even that with the version. Here a version that was deleted in MLflow has still served.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ml.moments import When
from ml.records import Promotion

if TYPE_CHECKING:
    from ml.ledger import Ledger

NEVER = "nothing served yet: no version has ever been in Production"


@dataclass(frozen=True)
class Tenure:
    """A version's time in Production, and what ended it (``next``, None while it serves)."""

    promotion: Promotion
    next: Promotion | None = None

    @property
    def since(self) -> datetime:
        return self.promotion.at

    @property
    def until(self) -> datetime | None:
        return self.next.at if self.next else None

    def serves(self, when: When) -> bool:
        """Whether it was in Production at that moment, or at any of that day."""
        begun = self.since <= when.start if when.end is None else self.since < when.end
        return begun and (self.until is None or when.start < self.until)

    def line(self) -> str:
        """The tenure in one line."""
        until = f"{self.until:%Y-%m-%d %H:%M} UTC" if self.until else "now"
        span = f"{self.since:%Y-%m-%d %H:%M} UTC to {until}"
        return f"version {self.promotion.version:<4} {span:<43}  {came(self.promotion)}"

    def lines(self) -> list[str]:
        """The tenure with all that is known of it."""
        its = self.promotion
        rows = [
            ("since", f"{_moment(self.since)}, {came(its)}"),
            ("until", f"{_moment(self.until)}, {_ended(self.next)}" if self.until and self.next else "it still serves"),
            ("before it", f"version {its.previous}" if its.previous else "nothing"),
            ("data day", str(its.day)),
            ("run", its.run_id),
            ("snapshot", f"sha256 {its.snapshot}"),
        ]
        return [f"version {its.version}", *(f"  {name:<10}  {said}" for name, said in rows)]

    def as_json(self) -> dict[str, Any]:
        until = self.next.model_dump(mode="json")["at"] if self.next else None
        own = self.promotion.model_dump(mode="json")
        return {"version": own.pop("version"), "since": own.pop("at"), "until": until, **own}


def of(ledger: "Ledger", pipeline: str) -> list[Tenure]:
    """All tenures of a pipeline, oldest first."""
    past = ledger.promotions(pipeline)
    return [Tenure(one, following) for one, following in zip(past, [*past[1:], None], strict=False)]


def at(ledger: "Ledger", pipeline: str, when: When) -> list[Tenure]:
    """Who was in Production then: one version or none at a moment, perhaps several on a day."""
    return [tenure for tenure in of(ledger, pipeline) if tenure.serves(when)]


def nobody(ledger: "Ledger", pipeline: str) -> str:
    """What to say when nobody served: whether a version ever has, and which was the first."""
    past = of(ledger, pipeline)
    if not past:
        return NEVER
    first = past[0].promotion
    return f"nothing served yet: the first was version {first.version}, since {_moment(first.at)}"


def came(promotion: Promotion) -> str:
    """How a version came into Production, by whom, and why where that is known."""
    named = {"outside": "set outside of Nightshift", "revert": "an outside act was taken back"}
    how = named.get(promotion.kind, promotion.kind)
    return f"{how}, by {promotion.by}{f': {promotion.why}' if promotion.why else ''}"


def _ended(after: Promotion) -> str:
    return f"version {after.version} came: {came(after)}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
