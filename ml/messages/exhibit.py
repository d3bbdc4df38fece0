"""Some of the rows that break a rule, as a part of a mail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ml.messages.letter import Part, Row, Table
from ml.records import Violation

MOST_EXHIBITS = 3
MOST_VALUES = 2


@dataclass(frozen=True)
class Exhibit:
    """Some of the rows that break a rule: the columns that name a row, and the rule's own, which are ``marked``."""

    violation: Violation
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: frozenset[int]


def rule_name(violation: Violation) -> str:
    """A rule in two or three words: ``weather wind_speed range``, ``min_rows``."""
    return " ".join(word for word in (violation.table, violation.column, violation.rule) if word)


def shown(exhibits: Sequence[Exhibit]) -> tuple[Part, ...]:
    """The first rules that rows can show; the same rows once, however many rules they break."""
    told = {tuple(_names(exhibit)): exhibit for exhibit in reversed(exhibits) if exhibit.rows}
    return tuple(_exhibit(exhibit) for exhibit in exhibits if told.get(tuple(_names(exhibit))) is exhibit)[
        :MOST_EXHIBITS
    ]


def _names(exhibit: Exhibit) -> Iterator[str]:
    return (_folded(row, exhibit.marked)[0] for row in exhibit.rows)


def _exhibit(exhibit: Exhibit) -> Table:
    count, of = len(exhibit.rows), max(exhibit.violation.rows, len(exhibit.rows))
    title = f"{rule_name(exhibit.violation)}: {count} of {of:,} row{'s' if of > 1 else ''}"
    header, *rows = (_folded(cells, exhibit.marked) for cells in (exhibit.header, *exhibit.rows))
    marked = frozenset(range(len(header))) - ({0} if len(exhibit.marked) < len(exhibit.header) else set())
    return Table(title, header, tuple(Row(cells, marked=marked) for cells in rows), words=len(header))


def _folded(cells: tuple[str, ...], marked: frozenset[int]) -> tuple[str, ...]:
    """What names a row in one cell, and the marked values in a few: a phone has no room for more."""
    name = ", ".join(cell for at, cell in enumerate(cells) if at not in marked)
    wrong = tuple(cell for at, cell in enumerate(cells) if at in marked)
    values = wrong if len(wrong) <= MOST_VALUES else (", ".join(wrong),)
    return (name, *values) if name else values
