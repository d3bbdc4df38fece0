"""What all our pages share: one look, light or dark as the reader has it, and no text that is not escaped."""

from collections.abc import Iterable
from html import escape

LONG = 36  # characters beyond which a cell needs room, also on a telephone

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2933; --grey: #52606d; --line: #d9dfe5; --ground: #fff; --warn: #b45309;
        --good: #1a7f4b }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaee; --grey: #9aa5b1; --line: #3a444e; --ground: #14181d; --warn: #f0a750; --good: #5fc48f }
}
body { margin: 0; padding: 20px 24px 28px; font: 15px/1.5 system-ui, sans-serif; color: var(--ink);
       background: var(--ground) }
h1 { font-size: 21px; margin: 0 0 4px } h2 { font-size: 17px; margin: 26px 0 6px }
h1, p, li { overflow-wrap: anywhere }
p { margin: 4px 0 14px; max-width: 100ch } .quiet { color: var(--grey) }
p.passed { color: var(--good); font-weight: 600 } p.refused { color: var(--warn); font-weight: 600 }
table { border-collapse: collapse; margin: 0 0 18px } th { color: var(--grey); font-weight: 600 }
th, td { padding: 4px 20px 4px 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top }
td.long { min-width: 26ch }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
tr.drifted td, tr.warn td { color: var(--warn); font-weight: 600 }
details { margin: 0 0 18px } summary { cursor: pointer; color: var(--grey); margin: 0 0 8px }
iframe { width: 100%; height: 1600px; border: 1px solid var(--line); border-radius: 6px; background: #fff }
img { display: block; width: 100%; height: auto; border-radius: 6px; background: #fff }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(460px, 100%), 1fr)); gap: 16px;
            align-items: start; max-width: 1400px; margin: 0 0 14px }
.pictures.one { max-width: 940px }
.wide { overflow-x: auto }
"""


def document(title: str, body: str) -> str:
    """A whole page; ``body`` is HTML whose texts are escaped already."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body>{body}</body></html>"
    )


def table(head: Iterable[str], rows: Iterable[str], numbers: Iterable[int] = ()) -> str:
    """A table that scrolls by itself where the screen is narrow; ``rows`` are made by ``row``, with its ``numbers``."""
    right = set(numbers)
    names = "".join(f"<th{' class=number' * (at in right)}>{escape(name)}</th>" for at, name in enumerate(head))
    return f'<div class="wide"><table><tr>{names}</tr>{"".join(rows)}</table></div>'


def row(*texts: str, numbers: Iterable[int] = (), kind: str = "") -> str:
    """A row of a table; the cells at ``numbers`` stand at the right, ``kind`` is its class in the style.

    On a narrow screen a long text keeps the width of a sentence, and the table scrolls: else it is a column of words.
    """
    right = set(numbers)
    kinds = ("number" if at in right else "long" if len(text) > LONG else "" for at, text in enumerate(texts))
    cells = "".join(_cell(text, its) for text, its in zip(texts, kinds, strict=True))
    return f'<tr class="{escape(kind, quote=True)}">{cells}</tr>' if kind else f"<tr>{cells}</tr>"


def _cell(text: str, kind: str) -> str:
    return f'<td class="{kind}">{escape(text)}</td>' if kind else f"<td>{escape(text)}</td>"


def folded(words: str, html: str) -> str:
    """HTML that opens at a click on ``words``."""
    return f"<details><summary>{escape(words)}</summary>{html}</details>"


def capital(text: str) -> str:
    """The text, escaped, as the beginning of a sentence."""
    return escape(text[:1].upper() + text[1:])
