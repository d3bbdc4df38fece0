"""The drift check: its thresholds and what they rest on, every score against its own, and the diagnosis."""

from collections.abc import Iterator

from ml.account.section import Part, Section, table
from ml.account.traces import Traces
from ml.drift.methods import reached
from ml.messages.drift import ordered
from ml.messages.letter import Bullets, Paragraph
from ml.records import Calibration, ColumnDrift, Diagnosis, DriftReport, drifted_of


def drift(traces: Traces) -> Section | None:
    """The scores of the day; None when it was not compared."""
    report = traces.record("detect", DriftReport)
    if report is None:
        return None
    calibration = traces.record("calibrate", Calibration)
    data = {"report": report.model_dump(mode="json"), "calibration": _json(calibration)}
    return Section("drift", (*_scores(report), *_thresholds(report, calibration)), data)


def diagnosis(traces: Traces) -> Section | None:
    """Why the rows moved, with all signs for it and against it; None without an alarm."""
    found = traces.record("diagnose", Diagnosis)
    if found is None:
        return None
    signs = ((s.kind, s.sign, s.column or "", s.sentence, f"{s.weight:.2f}") for s in found.evidence)
    parts = (
        Paragraph(f"{found.sentence}; so: {found.action}"),
        table("signs", ("speaks for", "sign", "column", "sentence", "weight"), signs, words=4),
    )
    return Section("diagnosis", parts, {"diagnosis": found.model_dump(mode="json")})


def _scores(report: DriftReport) -> Iterator[Part]:
    answer = "alarm" if report.alarm else "quiet"
    now, before = (" to ".join(dict.fromkeys(map(str, days))) for days in (report.current, report.reference))
    yield Paragraph(
        f"{answer}: {drifted_of(report.columns)}; {report.current_rows:,} rows of "
        f"{now} against {report.reference_rows:,} rows of {before}"
    )
    head = ("check", "method", "", "score", "threshold", "reached", "p")
    yield table("", head, map(_row, ordered(report)), words=3)
    problems = tuple(f"{c.column}: {c.problem}" for c in ordered(report) if c.problem)
    if problems or report.notes:
        yield Bullets("", (*problems, *report.notes))


def _row(column: ColumnDrift) -> tuple[str, ...]:
    share = reached(column.method, column.score, column.threshold)
    return (
        column.column,
        column.method,
        "drifted" if column.drifted else "quiet",
        _number(column.score),
        _number(column.threshold),
        "" if share is None else f"{min(share, 99):.0%}",
        _number(column.p_value),
    )


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _thresholds(report: DriftReport, calibration: Calibration | None) -> Iterator[Part]:
    if calibration is None:
        yield Paragraph("the thresholds are the owner's; none was calibrated")
        return
    low, high = calibration.interval
    yield Paragraph(f"thresholds of {calibration.day}: {calibration.sentence}")
    if calibration.ready:
        yield Paragraph(
            f"asked: 1 false alarm per {calibration.asked} days; measured: {calibration.alarms} in "
            f"{calibration.nights} nights ({low:.3f} to {high:.3f} a night, 95 %) of {calibration.first} to "
            f"{calibration.last}; hold until {calibration.expires}; {calibration.uri}"
        )


def _json(calibration: Calibration | None) -> dict[str, object] | None:
    return calibration.model_dump(mode="json") if calibration else None
