"""A part of an account: what it says in words and tables, and the records behind it."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from ml import page
from ml.messages.letter import Bullets, Paragraph, Row, Table
from ml.messages.plain import aligned, printable

WIDTH = 100
LONG = 10
Part = Paragraph | Bullets | Table


@dataclass(frozen=True)
class Section:
    """One subject; ``data`` holds its records as plain JSON, under stable names."""

    name: str
    parts: tuple[Part, ...]
    data: dict[str, Any]

    @property
    def title(self) -> str:
        return self.name.capitalize()

    def lines(self) -> Iterator[str]:
        """The section for a terminal: its title, and all below it indented."""
        yield from ("", self.title)
        for part in self.parts:
            yield from (f"  {line}" if line else "" for line in _told(part))

    def html(self) -> str:
        """The section for a page, all text escaped; a long table opens at a click."""
        return f"<h2>{escape(self.title)}</h2>{''.join(_html(part) for part in self.parts)}"


def table(title: str, header: Iterable[str], rows: Iterable[Iterable[str]], words: int = 1) -> Table:
    """A table whose first ``words`` columns are words and whose others are numbers."""
    return Table(title, tuple(header), tuple(Row(tuple(cells)) for cells in rows), words=words)


def _told(part: Part) -> Iterator[str]:
    match part:
        case Paragraph(text):
            yield from _filled(text)
        case Bullets(title, items):
            yield from [title] if title else []
            for item in items:
                yield from _filled(item, "- ")
        case Table():
            yield from [part.title] if part.title else []
            yield from aligned(part)


def _filled(text: str, lead: str = "") -> list[str]:
    indent = " " * len(lead)
    return textwrap.wrap(printable(text), WIDTH, initial_indent=lead, subsequent_indent=indent, break_long_words=False)


def _html(part: Part) -> str:
    match part:
        case Paragraph(text, quiet):
            return f"<p{' class=quiet' * quiet}>{escape(text)}</p>"
        case Bullets(title, items):
            lead = f"<p>{escape(title)}</p>" if title else ""
            return f"{lead}<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"
    numbers = range(part.words, len(part.header))
    found = page.table(part.header, (page.row(*row.cells, numbers=numbers) for row in part.rows), numbers)
    if len(part.rows) > LONG:
        return page.folded(f"{part.title or 'Table'} ({len(part.rows)} rows)", found)
    return (f'<p class="quiet">{escape(part.title)}</p>' if part.title else "") + found
