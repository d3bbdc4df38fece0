"""One line about each record, for terminals and logs."""

from functools import singledispatch

from ml.records import (
    Ahead,
    Alert,
    Approval,
    Batch,
    Calibration,
    Candidate,
    Decision,
    Diagnosis,
    DriftReport,
    Estimated,
    Evaluation,
    FeatureTable,
    Matured,
    Performance,
    Promotion,
    Question,
    Record,
    RollbackRequest,
    Scored,
    Snapshot,
    Verdict,
    drifted_of,
)


def of_step(step: str, record: Record | None) -> str:
    """What a step did, in one line: a tryout gives the version on as it came."""
    if step == "try_out" and isinstance(record, Candidate):
        return f"nothing stands in the way of version {record.version}"
    return sentence(record)


@singledispatch
def sentence(record: Record | None) -> str:
    """What a step found, in one line."""
    return "nothing to do"


@sentence.register
def _(record: Batch) -> str:
    if record.state == "quarantined":
        return f"{record.day} quarantined: {record.stopped_by}"
    refused = f", {record.refused} refused" if record.refused else ""
    return f"{record.rows:,} rows of {record.day} {record.state}{refused}"


@sentence.register
def _(record: FeatureTable) -> str:
    since = f", those of {record.first} and after included" if record.first < record.day else ""
    return f"{len(record.features)} features of the past in {record.rows:,} values{since}"


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
    without = f" {record.without}," if record.without else ""
    return f"{record.rows:,} rows of {record.first} to {record.last},{without} sha256 {record.fingerprint[:12]}"


@sentence.register
def _(record: Candidate) -> str:
    version = f" as version {record.version}" if record.version else ""
    return f"fitted up to {record.fitted_to}{version}, MLflow run {record.run_id[:8]}"


@sentence.register
def _(record: Evaluation) -> str:
    known = [score for score in record.scores if record.metric in score.metrics]
    roles = [score.role for score in known]
    # the champion may stand there twice: as it is, and its recipe on the challenger's rows
    names = [role if roles.index(role) == n else f"{role} ({known[n].how})" for n, role in enumerate(roles)]
    scores = ", ".join(f"{name} {score.metrics[record.metric]:.4f}" for name, score in zip(names, known, strict=True))
    return f"{record.metric} on {record.rows:,} rows of {record.first} to {record.last}: {scores}"


@sentence.register
def _(record: Verdict) -> str:
    if record.passed:
        return f"passed {len(record.gates)} gates: {', '.join(record.gates)}"
    return "refused: " + "; ".join(record.objections)


@sentence.register
def _(record: Question) -> str:
    if not record.reasons:
        return f"nobody has to be asked about version {record.version}"
    who = f" by {', '.join(record.users)}" if record.users else ""
    until = f"{record.deadline:%Y-%m-%d %H:%M} UTC"
    return f"version {record.version} waits for approval{who} until {until}: {'; '.join(record.reasons)}"


@sentence.register
def _(record: Approval) -> str:
    if record.answer == "auto":
        return record.why
    said = f": {record.why}" if record.why else ""
    return f"version {record.version} {record.answer} by {record.by}{said}"


@sentence.register
def _(record: RollbackRequest) -> str:
    to = f"version {record.to}" if record.to is not None else "the version before"
    return f"{record.by} asks for {to}: {record.why}"


@sentence.register
def _(record: Promotion) -> str:
    before = f", version {record.previous} archived" if record.previous else ", the first"
    how = {"promotion": "", "rollback": f", rolled back by {record.by}: {record.why}"}.get(
        record.kind, f", {record.kind}: {record.why}"
    )
    return f"version {record.version} is in Production{before}{how}"


@sentence.register
def _(record: Ahead) -> str:
    refused = f", {record.refused} refused" if record.refused else ""
    passed = f", {record.passed} are over already" if record.passed else ""
    return f"{record.rows:,} rows of {record.ahead} as known at {record.as_of:%Y-%m-%d %H:%M}{refused}{passed}"


@sentence.register
def _(record: Scored) -> str:
    return f"{record.rows:,} rows of {record.ahead} scored by version {record.version}, mean {record.mean:.3f}"


@sentence.register
def _(record: Matured) -> str:
    counts = ((record.known, "known"), (record.waiting, "waiting"), (record.never, "never"))
    states = ", ".join(f"{count:,} {name}" for count, name in (*counts, (record.unmatched, "unmatched")) if count)
    days = "1 predicted day" if record.days == 1 else f"{record.days:,} predicted days"
    joined = f"{days} joined: {states}" if record.days else "no predicted day has changed"
    return "; ".join([joined, *(sentence(told) for told in (record.realised, record.estimated) if told)])


@sentence.register
def _(record: Performance) -> str:
    days = str(record.day) if record.first == record.day else f"{record.first} to {record.day}"
    about = f"version {record.version} ({record.role}) on {days}"
    if record.realised is None:
        return f"{about}: unknown, {record.why}"
    ends = f" ({record.interval[0]:.4f} to {record.interval[1]:.4f})" if record.interval else ""
    return f"{about}: {record.metric} {record.realised:.4f}{ends} on {record.rows:,} rows"


@sentence.register
def _(record: Estimated) -> str:
    about = f"version {record.version} ({record.role}) on {record.day}"
    if record.value is None or record.interval is None:
        return f"{about}: estimated {record.metric} unknown, {record.why}"
    low, high = record.interval
    return f"{about}: estimated {record.metric} {record.value:.4f} ({low:.4f} to {high:.4f}) on {record.rows:,} rows"


@sentence.register
def _(record: Alert) -> str:
    return f"mail: {record.subject}"
