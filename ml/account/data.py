"""The day's rows: what came, what the contract said, and what people decided about it."""

from collections.abc import Iterator

from ml.account.section import Part, Section, table
from ml.account.traces import Traces
from ml.messages.letter import Bullets, Paragraph
from ml.messages.quarantine import ordered
from ml.records import Batch


def section(traces: Traces) -> Section | None:
    """The verdict that the night knew, and the newest one where it has changed since."""
    batch = traces.record("validate", Batch) or traces.record("pull", Batch)
    if batch is None:
        return None
    fate = traces.fate
    data = {"batch": batch.model_dump(mode="json"), "since": fate.as_json() if fate else None}
    return Section("data", tuple(_parts(traces, batch)), data)


def _parts(traces: Traces, batch: Batch) -> Iterator[Part]:
    rows = batch.rows + (batch.refused if batch.state == "accepted" else 0)
    refused = f", {batch.refused:,} of {rows:,} refused" if batch.refused else ""
    yield Paragraph(f"{batch.state}: {batch.rows:,} rows{refused}")
    yield Paragraph(f"in {batch.uri}")
    yield Paragraph(f"sha256 {batch.fingerprint}")
    if batch.violations:
        broken = ((_place(v.table, v.column), v.rule, v.told, f"{v.rows:,}") for v in ordered(batch))
        yield table("broken rules", ("where", "rule", "sentence", "rows"), broken, words=3)
    parts = batch.upstream.items()
    if parts:
        upstream = ((name, part.uri, f"{part.rows:,}", f"{part.refused:,}") for name, part in parts)
        yield table("joined from", ("table", "file", "rows", "refused"), upstream, words=2)
    fate = traces.fate
    if fate and fate.acts:
        yield Bullets("people decided", tuple(fate.decided()))
    if fate and fate.batch.state != batch.state:
        yield Paragraph(f"since {fate.since:%Y-%m-%d %H:%M} UTC the day is {fate.state}")


def _place(table: str | None, column: str | None) -> str:
    return ".".join(part for part in (table, column) if part) or "the day"
