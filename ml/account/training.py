"""The rows that the challenger was fitted on, and with what recipe."""

from collections.abc import Iterator

from ml.account.section import Part, Section
from ml.account.traces import Traces
from ml.messages.letter import Paragraph
from ml.records import Candidate, Snapshot


def section(traces: Traces) -> Section | None:
    """The snapshot, the fit that was judged, and the fit on all rows; None when nothing was trained."""
    snapshot = traces.record("snapshot", Snapshot)
    if snapshot is None:
        return None
    judged, refitted = traces.record("train", Candidate), traces.record("refit", Candidate)
    data = {
        "snapshot": snapshot.model_dump(mode="json"),
        "judged": judged.model_dump(mode="json") if judged else None,
        "refitted": refitted.model_dump(mode="json") if refitted else None,
    }
    return Section("training", tuple(_parts(snapshot, judged, refitted)), data)


def _parts(snapshot: Snapshot, judged: Candidate | None, refitted: Candidate | None) -> Iterator[Part]:
    without = f", {snapshot.without}" if snapshot.without else ""
    yield Paragraph(f"snapshot: {snapshot.rows:,} rows of {snapshot.first} to {snapshot.last}{without}")
    yield Paragraph(f"in {snapshot.uri}")
    yield Paragraph(f"sha256 {snapshot.fingerprint}")
    if judged is not None:
        yield Paragraph(f"judged: fitted up to {judged.fitted_to}, recipe {judged.recipe}, {judged.model_uri}")
        yield Paragraph(f"MLflow run {judged.run_id}")
    if refitted is not None:
        version = f"version {refitted.version}" if refitted.version else "no version"
        yield Paragraph(f"refitted: up to {refitted.fitted_to}, {version}, {refitted.model_uri}")
