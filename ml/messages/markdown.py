"""A letter as Markdown, for pages that show it: Airflow's, MLflow's.

What comes from data must not become markup, so every character that Markdown knows is escaped.
"""

import re
from collections.abc import Iterable

from ml.messages.letter import Bullets, Commands, Letter, Paragraph, Part, Picture, Table
from ml.messages.plain import printable

_MARKS = re.compile(r"([\\`*_{}\[\]<>#+!|~&])")


def markdown(letter: Letter, parts: Iterable[Part] | None = None) -> str:
    """The letter's sentences, its parts and its links; ``parts`` are others than its own."""
    blocks = [
        " ".join(_prose(text) for text in (letter.happened, letter.why) if text),
        f"**{_prose(letter.todo)}**",
        _links(letter),
        *(_part(part) for part in (letter.parts if parts is None else parts)),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def escaped(text: str) -> str:
    """The text on one line, with nothing in it that Markdown would read as markup."""
    return _MARKS.sub(r"\\\1", printable(text))


def _prose(text: str) -> str:
    """A sentence of ours: what stands between backticks stays code."""
    pieces = re.split(r"`([^`]+)`", text)
    return "".join(f"`{printable(piece)}`" if at % 2 else escaped(piece) for at, piece in enumerate(pieces))


def _links(letter: Letter) -> str:
    shown = [(name, url) for name, url in letter.links.named if url and url.startswith(("http://", "https://"))]
    return " · ".join(f"[{name}](<{printable(url)}>)" for name, url in shown)


def _part(part: Part) -> str:
    match part:
        case Paragraph(text):
            return _prose(text)
        case Bullets(title, items):
            return "\n".join([f"#### {escaped(title)}", "", *(f"- {_prose(item)}" for item in items)])
        case Table():
            return f"#### {escaped(part.title)}\n\n{_table(part)}"
        case Commands(title, items):
            return "\n".join([f"#### {escaped(title)}", "", *(f"- {_prose(w)} `{printable(c)}`" for w, c in items)])
        case Picture():
            return ""


def _table(table: Table) -> str:
    rule = ["---" if at < table.words else "---:" for at in range(len(table.header))]
    lines = [table.header, *(row.cells for row in table.rows)]
    head, *rows = [f"| {' | '.join(escaped(cell) for cell in line)} |" for line in lines]
    return "\n".join([head, f"|{'|'.join(rule)}|", *rows])
