"""The mail about columns that are not what they were."""

from math import inf

from ml.drift.methods import reached
from ml.messages.letter import Bullets, Letter, Links, Paragraph, Part, Row, Table, Tone, listed, pictures
from ml.messages.post import Images, post
from ml.records import Alert, ColumnDrift, Decision, DriftReport

MOST_COLUMNS = 20


def drift_alert(report: DriftReport, decision: Decision, links: Links, images: Images = ()) -> Alert:
    """Which columns drifted how far, the furthest first, and what is done about it."""
    return post(_letter(report, decision, links, images), "drift", "drift", images)


def _letter(report: DriftReport, decision: Decision, links: Links, images: Images) -> Letter:
    count = f"{len(report.drifted)} of {len(report.columns)} columns"
    then = "a retrain has started" if decision.retrain else "no retrain has started"
    return Letter(
        pipeline=report.pipeline,
        day=report.day,
        tone="warning",
        headline=f"{report.pipeline} drifted: {count}, {then}",
        happened=f"In {count} the rows of {_days(report.current)} differ from those of {_days(report.reference)}.",
        why=_why(report),
        todo=_todo(decision),
        parts=(_table(report), *_problems(report), *pictures(images), *_against(decision), _compared(report)),
        links=links,
    )


def _why(report: DriftReport) -> str:
    names = tuple(column.column for column in ordered(report) if column.drifted)
    return f"Furthest went {listed(names)}." if names else ""


def _todo(decision: Decision) -> str:
    if decision.retrain:
        return (
            "A retrain has started and its result comes in another mail. Until then, find out whether the world has "
            "changed or a feed upstream has broken: a retrain helps with the first and hides the second."
        )
    return "No retrain has started, for the reasons below. Look whether a feed upstream has broken."


def _against(decision: Decision) -> tuple[Part, ...]:
    return (Bullets("What held a retrain back", decision.against),) if decision.against else ()


def ordered(report: DriftReport) -> list[ColumnDrift]:
    """The columns by how far they went beyond their thresholds; first those that could not be compared at all."""
    return sorted(report.columns, key=lambda column: (not column.drifted, -_strength(column), column.column))


def _strength(column: ColumnDrift) -> float:
    strength = reached(column.method, column.score, column.threshold)
    if strength is None:
        return inf if column.drifted else 0.0
    return strength


def _table(report: DriftReport) -> Table:
    columns = ordered(report)
    rows = [_row(column) for column in columns[:MOST_COLUMNS]]
    if len(columns) > MOST_COLUMNS:
        rows.append(Row((f"and {len(columns) - MOST_COLUMNS} more", "", "", "")))
    return Table("Columns", ("column (method)", "score", "threshold", "reached"), tuple(rows))


def _row(column: ColumnDrift) -> Row:
    tone: Tone | None = "warning" if column.drifted else None
    score = "none" if column.score is None else f"{column.score:.3g}"
    limit = "none" if column.threshold is None else f"{column.threshold:.3g}"
    name = column.column if column.column.startswith(f"{column.method}: ") else f"{column.column} ({column.method})"
    return Row((name, score, limit, _share(column)), tone)


def _share(column: ColumnDrift) -> str:
    if column.score is None or column.threshold is None:
        return ""
    strength = _strength(column)
    return f"{strength:.0%}" if strength < 10 else "over 999%"


def _problems(report: DriftReport) -> tuple[Part, ...]:
    found = tuple(f"{column.column}: {column.problem}" for column in ordered(report) if column.problem)
    return (Bullets("Columns with a problem of their own", found),) if found else ()


def _compared(report: DriftReport) -> Paragraph:
    return Paragraph(
        f"Compared: {report.current_rows:,} rows of {_days(report.current)} with {report.reference_rows:,} rows of "
        f"{_days(report.reference)}. A column that reached 100% of its threshold has drifted.",
        quiet=True,
    )


def _days(days: tuple[object, object]) -> str:
    return str(days[0]) if days[0] == days[1] else f"{days[0]} to {days[1]}"
