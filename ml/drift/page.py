"""Evidently's HTML page, with the verdicts on top, and equal bytes for equal rows."""

import re
from collections.abc import Sequence
from html import escape

from ml.drift.methods import direction
from ml.records import ColumnDrift, drifted_of

_IDS = re.compile(r'"id": "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"')
_DASHBOARDS = re.compile(r"var metric_([0-9a-f]{32})")
_END = "</script>"

_STYLE = """<style>
#verdicts { font: 14px/1.5 sans-serif; color: #24292f; background: #fff; padding: 12px 36px }
#verdicts h2 { font-size: 20px; margin: 8px 0 }
#verdicts table { border-collapse: collapse }
#verdicts th, #verdicts td { text-align: left; padding: 3px 18px 3px 0; border-bottom: 1px solid #e6e9ed }
#verdicts .drifted { color: #cf222e }
#verdicts p { color: #57606a; margin: 8px 0 }
</style>"""


def settle(page: str) -> str:
    """``page`` with its random identifiers numbered in order, so that the same report is the same file."""
    dashboards = _DASHBOARDS.findall(page)
    found = dict.fromkeys((*dashboards, *_IDS.findall(page)))
    if not found:
        return page
    numbers = {random: f"{n:032x}" for n, random in enumerate(found)}
    random = re.compile("|".join(numbers))
    # nearly all of a page is the library that draws it, which names none of them: 70 ms on the flights
    return _END.join(
        random.sub(lambda match: numbers[match[0]], script) if _names(script, dashboards) else script
        for script in page.split(_END)
    )


def _names(script: str, dashboards: Sequence[str]) -> bool:
    return any(dashboard in script for dashboard in dashboards) or _IDS.search(script) is not None


def head(page: str, columns: Sequence[ColumnDrift], notes: Sequence[str]) -> str:
    """``page`` with every column's verdict on top, also of those that Evidently could not see, and the ``notes``."""
    rows = "".join(map(_row, sorted(columns, key=lambda column: not column.drifted)))
    lines = "".join(f"<p>{escape(note)}</p>" for note in notes)
    names = "".join(f"<th>{name}</th>" for name in ("column", "method", "score", "threshold", "verdict"))
    title = f"<h2>{drifted_of(columns)}</h2>"
    table = f"<table><tr>{names}</tr>{rows}</table>"
    return page.replace("<body>", f'<body>{_STYLE}<section id="verdicts">{title}{table}{lines}</section>', 1)


def _row(column: ColumnDrift) -> str:
    sign = "<" if direction(column.method) == "below" else "≥"
    threshold = "none yet" if column.threshold is None else f"{sign} {column.threshold:.4g}"
    score = "" if column.score is None else f"{column.score:.4g}"
    verdict = "drifted" if column.drifted else "quiet"
    cells = (column.column, column.method, score, threshold, _with(verdict, column.problem))
    return f'<tr class="{verdict}">' + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


def _with(verdict: str, problem: str | None) -> str:
    return f"{verdict}: {problem}" if problem else verdict
