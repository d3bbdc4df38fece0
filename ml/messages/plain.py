"""A letter as plain text."""

import textwrap
from collections.abc import Iterator

from ml.messages.letter import Bullets, Commands, Letter, Paragraph, Part, Picture, Row, Table

WIDTH = 78


def plain(letter: Letter) -> str:
    """The letter as text, its first line first."""
    pages = "\n".join(f"{name}: {printable(url)}" for name, url in letter.links.named if url)
    blocks = [_filled(letter.opening), *(_part(part) for part in letter.parts), pages, _foot(letter)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _foot(letter: Letter) -> str:
    return f"-- \nNightshift, {letter.pipeline}, data day {letter.day}"


def _part(part: Part) -> str:
    match part:
        case Paragraph(text):
            return _filled(text)
        case Bullets(title, items):
            return "\n".join([_titled(title), *(_filled(item, "- ") for item in items)])
        case Table():
            return "\n".join([_titled(part.title), *aligned(part)])
        case Commands(title, items):
            return "\n".join([_titled(title), *(f"{_filled(words)}\n    {printable(typed)}" for words, typed in items)])
        case Picture():
            return ""


def _titled(title: str) -> str:
    return f"{title}\n{'-' * len(title)}"


def printable(text: str) -> str:
    """The text on one line, without the characters that move a cursor."""
    return "".join(c if c.isprintable() else " " for c in text)


def _filled(text: str, lead: str = "") -> str:
    indent = " " * len(lead)
    return textwrap.fill(
        printable(text),
        WIDTH,
        initial_indent=lead,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def aligned(table: Table) -> Iterator[str]:
    """The lines of a table, its columns under each other."""
    lines = [table.header, *(_told(row) for row in table.rows)]
    lines = [tuple(printable(cell) for cell in line) for line in lines]
    widths = [max(len(line[at]) for line in lines) for at in range(len(table.header))]
    for line in lines:
        cells = (
            cell.ljust(width) if at < table.words else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


def _told(row: Row) -> tuple[str, ...]:
    return tuple(f">{cell}<" if at in row.marked else cell for at, cell in enumerate(row.cells))
