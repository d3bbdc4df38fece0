"""What entered Production because of this day, who agreed, and how long it stayed."""

from collections.abc import Iterator

from ml.account.section import Part, Section
from ml.account.traces import Traces
from ml.messages.letter import Paragraph
from ml.summary import sentence


def section(traces: Traces) -> Section | None:
    """The question and the answers where there were any, and each tenure of a version of this day."""
    if not traces.tenures and not traces.answers and "gate" not in traces.newest:
        return None
    data = {
        "questions": [question.model_dump(mode="json") for question in traces.questions],
        "answers": [answer.model_dump(mode="json") for answer in traces.answers],
        "tenures": [tenure.as_json() for tenure in traces.tenures],
    }
    return Section("production", (*_asked(traces), *_came(traces)), data)


def _asked(traces: Traces) -> Iterator[Part]:
    for question in traces.questions:
        yield Paragraph(f"asked {question.at:%Y-%m-%d %H:%M} UTC: {sentence(question)}")
    for answer in traces.answers:
        yield Paragraph(f"answered {answer.at:%Y-%m-%d %H:%M} UTC: {sentence(answer)}")


def _came(traces: Traces) -> Iterator[Part]:
    if not traces.tenures:
        yield Paragraph("did not change")
    for tenure in traces.tenures:
        yield from (Paragraph(line) for line in tenure.lines())
