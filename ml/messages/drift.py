"""Columns that are not what they were, as parts of a mail."""

from math import inf

from ml.drift.methods import reached
from ml.messages.letter import Bullets, Paragraph, Part, Row, Table, Tone
from ml.records import ColumnDrift, DriftReport

MOST_COLUMNS = 8


def drift_parts(report: DriftReport) -> tuple[Part, ...]:
    """The columns by how far they went, those with a problem of their own, and what was compared with what."""
    return (_table(report), *_problems(report), _compared(report))


def moved(report: DriftReport) -> tuple[str, ...]:
    """The columns that drifted, the furthest first; those that a detector watches go by the column's own name."""
    names = (column.watched for column in ordered(report) if column.drifted)
    return tuple(dict.fromkeys(names))


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
    shown = max(MOST_COLUMNS, len(report.drifted) + 2)
    rows = [_row(column) for column in columns[:shown]]
    if len(columns) > shown:
        rows.append(Row((f"and {len(columns) - shown} more that went less far", "", "", "")))
    return Table("How far each went", ("column (method)", "score", "threshold", "reached"), tuple(rows))


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
    return f"{strength:.0%}" if strength < 10 else ">999%"


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
