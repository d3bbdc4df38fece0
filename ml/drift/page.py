"""Evidently's HTML page, with what it leaves out put on top, and equal bytes for equal rows."""

import re
from collections.abc import Sequence
from html import escape

from ml.records import ColumnDrift

_RANDOM = re.compile(r'"id": "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"|var metric_([0-9a-f]{32})')


def settle(page: str) -> str:
    """``page`` with its random identifiers numbered in order, so that the same report is the same file."""
    found = dict.fromkeys(uuid or dashboard for uuid, dashboard in _RANDOM.findall(page))
    numbers = {random: f"{n:032x}" for n, random in enumerate(found)}
    return re.sub("|".join(numbers), lambda match: numbers[match[0]], page) if numbers else page


def annotate(page: str, columns: Sequence[ColumnDrift], notes: Sequence[str]) -> str:
    """``page`` with a list on top: every column's problem, which Evidently cannot show, and the ``notes``."""
    problems = [f"{column.column}: {column.problem}" for column in columns if column.problem]
    lines = "".join(f"<li>{escape(line)}</li>" for line in (*problems, *notes))
    if not lines:
        return page
    style = "font: 15px sans-serif; margin: 16px 24px; padding: 8px 16px; border-left: 4px solid #c0392b"
    block = f'<section style="{style}"><b>What the report below does not show</b><ul>{lines}</ul></section>'
    return page.replace("<body>", f"<body>{block}", 1)
