"""What entered Production because of this day, who agreed, and how long it stayed."""

from collections.abc import Iterator

from ml.account.section import Part, Section
from ml.account.traces import Traces
from ml.messages.letter import Paragraph
from ml.records import from_json
from ml.summary import sentence


def section(traces: Traces) -> Section | None:
    """The approval where there was one, and each tenure of a version of this day."""
    asked = traces.newest.get("approve")
    answered = from_json(asked.output) if asked is not None and asked.output else None
    if not traces.tenures and answered is None and "gate" not in traces.newest:
        return None
    approval = [Paragraph(f"approval: {sentence(answered)}")] if answered is not None else []
    data = {
        "approval": answered.model_dump(mode="json") if answered is not None else None,
        "tenures": [tenure.as_json() for tenure in traces.tenures],
    }
    return Section("production", (*approval, *_parts(traces)), data)


def _parts(traces: Traces) -> Iterator[Part]:
    if not traces.tenures:
        yield Paragraph("did not change")
    for tenure in traces.tenures:
        yield from (Paragraph(line) for line in tenure.lines())
