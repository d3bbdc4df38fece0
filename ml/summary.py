"""One line about each record, for terminals and logs."""

from functools import singledispatch

from ml.records import (
    Alert,
    Batch,
    Calibration,
    Candidate,
    Decision,
    Diagnosis,
    DriftReport,
    Evaluation,
    Promotion,
    Record,
    Snapshot,
    Verdict,
    drifted_of,
)


@singledispatch
def sentence(record: Record | None) -> str:
    """What a step found, in one line."""
    return "nothing to do"


@sentence.register
def _(record: Batch) -> str:
    if record.state == "quarantined":
        return f"{record.day} quarantined: {record.stopped_by}"
    refused = f", {record.refused} refused" if record.refused else ""
    return f"{record.rows} rows of {record.day} {record.state}{refused}"


@sentence.register
def _(record: Calibration) -> str:
    return f"{record.sentence}; holds until {record.expires}" if record.ready else record.sentence


@sentence.register
def _(record: DriftReport) -> str:
    names = f": {', '.join(record.drifted)}" if record.drifted else ""
    return (
        f"{'alarm' if record.alarm else 'quiet'}, "
        f"{drifted_of(record.columns)}{names} "
        f"({record.current[0]} to {record.current[1]} against {record.reference[0]} to {record.reference[1]})"
    )


@sentence.register
def _(record: Diagnosis) -> str:
    return f"{record.sentence}; so: {record.action}"


@sentence.register
def _(record: Decision) -> str:
    if record.against:
        return f"no retrain: {'; '.join(record.against)}"
    if not record.retrain:
        return "no retrain: nothing asks for it"
    return "retrain, because " + "; ".join(f"{r.sentence} ({r.kind})" for r in record.reasons)


@sentence.register
def _(record: Snapshot) -> str:
    return f"{record.rows} rows of {record.first} to {record.last}, sha256 {record.fingerprint[:12]}"


@sentence.register
def _(record: Candidate) -> str:
    version = f" as version {record.version}" if record.version else ""
    return f"fitted up to {record.fitted_to}{version}, MLflow run {record.run_id[:8]}"


@sentence.register
def _(record: Evaluation) -> str:
    scores = ", ".join(f"{s.role} {s.metrics[record.metric]:.4f}" for s in record.scores if record.metric in s.metrics)
    return f"{record.metric} on {record.rows} rows of {record.first} to {record.last}: {scores}"


@sentence.register
def _(record: Verdict) -> str:
    if record.passed:
        return f"passed {len(record.gates)} gates: {', '.join(record.gates)}"
    return "refused: " + "; ".join(record.objections)


@sentence.register
def _(record: Promotion) -> str:
    before = f", version {record.previous} archived" if record.previous else ", the first"
    return f"version {record.version} is in Production{before}"


@sentence.register
def _(record: Alert) -> str:
    return f"mail: {record.subject}"
