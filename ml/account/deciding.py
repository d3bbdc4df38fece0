"""The decisions about the day: every reason for a retrain, and every reason against it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ml.account.section import Part, Section
from ml.account.traces import Traces
from ml.messages.letter import Bullets, Paragraph
from ml.records import Matured
from ml.summary import sentence
from ml.truth import arrival

if TYPE_CHECKING:
    from ml.ledger import DecisionRow


def section(traces: Traces) -> Section | None:
    """All of them, oldest first; the newest stands."""
    rows = traces.decisions
    if not rows:
        return None
    champion = traces.champion
    data = {
        "decisions": [{"number": r.id, "at": r.at.isoformat(), **r.decision.model_dump(mode="json")} for r in rows],
        "champion": champion.model_dump(mode="json") if champion else None,
    }
    before = f"version {champion.version} of {champion.day}" if champion else "nothing"
    served = Paragraph(f"in Production until then: {before}")
    parts = (*(part for row in rows for part in _parts(row)), served, *_truth(traces))
    return Section("decision", parts, data)


def _truth(traces: Traces) -> Iterator[Part]:
    """What the night knew of what came true; nothing where nothing is predicted and no curve is learned."""
    matured = traces.record("mature", Matured)
    if matured is None or not (matured.curve or matured.realised):
        return
    said = (sentence(matured), arrival.sentence(matured.curve, matured.label_delay))
    yield Bullets("what came true until then", said)


def _parts(row: "DecisionRow") -> Iterator[Part]:
    it = row.decision
    what = "retrain" if it.retrain and not it.against else "no retrain"
    more = ", as a dry run" if it.dry_run else ""
    window = f", on {it.window} days" if it.window else ""
    yield Paragraph(f"decision {row.id}: {what}{more}{window}; by {it.by}, {row.at:%Y-%m-%d %H:%M:%S} UTC")
    if it.reasons:
        yield Bullets("for it", tuple(f"{reason.kind}: {reason.sentence}" for reason in it.reasons))
    if it.against:
        yield Bullets("against it", it.against)
    if not it.reasons and not it.against:
        yield Bullets("", ("nothing asked for a retrain",))
