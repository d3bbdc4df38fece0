"""A night on one page: what was decided, how far each column moved, and Evidently's report below.

The report's script shows what the data holds without escaping it, so it never shares a page's origin: it is framed
without one (https://developer.mozilla.org/docs/Web/HTML/Element/iframe#sandbox), and carries a policy that says the
same when it is opened alone.
"""

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from ml.drift.methods import reached
from ml.messages.drift import ordered
from ml.records import from_json
from ml.summary import sentence

if TYPE_CHECKING:
    from ml.nights import Night
    from ml.records import ColumnDrift, DriftReport

REPORT_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob: data:; "
    "style-src 'unsafe-inline'; img-src data: blob:; font-src data:; worker-src blob:; frame-ancestors 'self'"
)
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'"

NEAREST = 8

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2933; --grey: #52606d; --line: #d9dfe5; --ground: #fff; --warn: #b45309 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaee; --grey: #9aa5b1; --line: #3a444e; --ground: #14181d; --warn: #f0a750 }
}
body { margin: 0; padding: 20px 24px 28px; font: 15px/1.5 system-ui, sans-serif; color: var(--ink);
       background: var(--ground) }
h1 { font-size: 21px; margin: 0 0 4px } p { margin: 4px 0 14px } .quiet { color: var(--grey) }
table { border-collapse: collapse; margin: 0 0 18px } th { color: var(--grey); font-weight: 600 }
th, td { padding: 4px 20px 4px 0; text-align: left; border-bottom: 1px solid var(--line) }
td.number { text-align: right; font-variant-numeric: tabular-nums }
tr.drifted td { color: var(--warn); font-weight: 600 }
details { margin: 0 0 18px } summary { cursor: pointer; color: var(--grey); margin: 0 0 8px }
iframe { width: 100%; height: 1600px; border: 1px solid var(--line); border-radius: 6px; background: #fff }
.wide { overflow-x: auto }
"""


def night_page(night: "Night", report: "DriftReport | None", frame: str) -> str:
    """The page as HTML; ``frame`` is the address of Evidently's report, relative to the page's own."""
    title = f"{night.pipeline} {night.day}"
    steps = "".join(f"<tr>{_cells(row.step, _time(row.seconds), row.outcome)}</tr>" for row in night.steps)
    return _document(
        title,
        f"<h1>{escape(title)}</h1>{''.join(_said(night, report))}{_columns(report)}{_frame(report, frame)}"
        f'<h2>Steps</h2><div class="wide"><table><tr><th>step</th><th>seconds</th><th>outcome</th></tr>{steps}</table>'
        "</div>",
    )


def nothing_page(what: str) -> str:
    """A page for what is not there, in a sentence."""
    return _document("Nothing here", f"<h1>Nothing here</h1><p>{escape(what)}</p>")


def _document(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body>{body}</body></html>"
    )


def _said(night: "Night", report: "DriftReport | None") -> Iterator[str]:
    if night.decision:
        yield f"<p>{_capital(sentence(night.decision))}.</p>"
    if night.promotion:
        yield f"<p>{_capital(sentence(night.promotion))}.</p>"
    if report is None:
        yield '<p class="quiet">No drift check: the day was quarantined, or its night has not come that far.</p>'
    else:
        yield f"<p>{_capital(sentence(report))}.</p>"
    diagnosis = next((row.output for row in night.steps if row.step == "diagnose" and row.output), None)
    if diagnosis:
        yield f"<p>{_capital(sentence(from_json(diagnosis)))}.</p>"


def _columns(report: "DriftReport | None") -> str:
    """What drifted and what came nearest to it; the rest is folded away."""
    if report is None:
        return ""
    checks = ordered(report)
    shown = max(NEAREST, len(report.drifted) + 2)
    rest = checks[shown:]
    folded = f"<details><summary>{len(rest)} more that went less far</summary>{_table(rest)}</details>" if rest else ""
    return f"{_table(checks[:shown])}{folded}"


def _table(checks: "Sequence[ColumnDrift]") -> str:
    head = "".join(f"<th>{name}</th>" for name in ("check", "method", "score", "threshold", "reached", ""))
    return f'<div class="wide"><table><tr>{head}</tr>{"".join(map(_row, checks))}</table></div>'


def _row(column: "ColumnDrift") -> str:
    score = "" if column.score is None else f"{column.score:.4g}"
    limit = "" if column.threshold is None else f"{column.threshold:.4g}"
    strength = reached(column.method, column.score, column.threshold)
    far = "" if strength is None else f"{min(strength, 99):.0%}"
    verdict = "drifted" if column.drifted else "quiet"
    said = f"{verdict}: {column.problem}" if column.problem else verdict
    words = f"<td>{escape(column.column)}</td><td>{escape(column.method)}</td>"
    numbers = "".join(f'<td class="number">{number}</td>' for number in (score, limit, far))
    return f'<tr class="{verdict}">{words}{numbers}<td>{escape(said)}</td></tr>'


def _frame(report: "DriftReport | None", frame: str) -> str:
    if report is None or report.html is None:
        return ""
    return f'<iframe sandbox="allow-scripts" src="{escape(frame, quote=True)}" title="Evidently report"></iframe>'


def _capital(text: str) -> str:
    return escape(text[:1].upper() + text[1:])


def _cells(*texts: str) -> str:
    return "".join(f"<td>{escape(text)}</td>" for text in texts)


def _time(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.1f}"
