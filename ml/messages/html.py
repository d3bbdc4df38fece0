"""A letter as HTML that mail programs show as it is meant: tables, styles inline, at most 640 pixels wide.

Everything that a letter says may come from data, so everything is escaped here, in one place.
"""

import re
from collections.abc import Collection, Iterable
from html import escape

from ml.messages.letter import Bullets, Commands, Letter, Paragraph, Part, Picture, Row, Table, Tone

FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
INK, GREY, LINE, PAPER = "#1f2933", "#616e7c", "#e4e7eb", "#f3f5f7"
LONGEST_WORD = 28
COLOURS: dict[Tone, tuple[str, str]] = {
    "good": ("#1a7f4b", "#e9f6ef"),
    "warning": ("#9a5b00", "#fdf3e1"),
    "bad": ("#b3261e", "#fcebea"),
    "quiet": ("#52606d", "#eef1f4"),
}

MARK = ";background:{1};color:{0};font-weight:700".format(*COLOURS["bad"])


def html(letter: Letter) -> str:
    """The letter as a whole HTML document."""
    accent, tint = COLOURS[letter.tone]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light">'
        f"<title>{escape(letter.headline)}</title></head>"
        f'<body style="margin:0;padding:0;background:{PAPER}">'
        f'<div style="display:none;max-height:0;overflow:hidden">{escape(letter.opening)}</div>'
        f'<table role="presentation" width="100%" cellspacing="0" cellpadding="0" style="background:{PAPER}">'
        '<tr><td align="center" style="padding:24px 8px">'
        '<table role="presentation" width="100%" cellspacing="0" cellpadding="0" style="max-width:640px;'
        f'background:#ffffff;border:1px solid {LINE};border-top:4px solid {accent};border-radius:6px;{FONT}">'
        f'<tr><td style="padding:22px 16px 26px;text-align:left">{_body(letter, accent, tint)}</td></tr>'
        f"</table>{_foot(letter)}</td></tr></table></body></html>"
    )


def _body(letter: Letter, accent: str, tint: str) -> str:
    return (
        f'<h1 style="margin:0 0 14px;font-size:22px;line-height:28px;font-weight:600;color:{INK}">'
        f"{escape(letter.headline)}</h1>"
        f'<p style="margin:0 0 14px;font-size:15px;line-height:23px;color:{INK}">'
        f"{_sentences(letter.happened, letter.why)}</p>"
        f'<p style="margin:0 0 18px;padding:10px 14px;background:{tint};border-left:3px solid {accent};'
        f'font-size:15px;line-height:22px;color:{INK}">{_with_commands(letter.todo)}</p>'
        f"{_buttons(letter, accent)}{''.join(_part(part) for part in letter.parts)}"
    )


def _sentences(*sentences: str) -> str:
    return escape(" ".join(s for s in sentences if s))


def _with_commands(text: str) -> str:
    style = "padding:1px 4px;background:#ffffff;border-radius:3px;font-family:Consolas,Menlo,monospace;font-size:13px"
    return re.sub(r"`([^`]+)`", rf'<code style="{style}">\1</code>', escape(text))


def _buttons(letter: Letter, accent: str) -> str:
    links = letter.links.named
    shown = [_button(text, url, accent) for text, url in links if url and url.startswith(("http://", "https://"))]
    return f'<p style="margin:0 0 6px">{" ".join(shown)}</p>' if shown else ""


def _button(text: str, url: str, accent: str) -> str:
    return (
        f'<a href="{escape(url)}" style="display:inline-block;margin:0 8px 8px 0;padding:8px 14px;'
        f"border:1px solid {accent};border-radius:4px;font-size:14px;line-height:18px;color:{accent};"
        f'text-decoration:none">{text}</a>'
    )


def _foot(letter: Letter) -> str:
    return (
        f'<p style="max-width:640px;margin:14px 0 0;font-size:12px;line-height:18px;color:{GREY};{FONT}">'
        f"Nightshift &middot; {escape(letter.pipeline)} &middot; data day {letter.day}</p>"
    )


def _part(part: Part) -> str:
    match part:
        case Paragraph(text, quiet):
            size, colour = ("13px;line-height:19px", GREY) if quiet else ("15px;line-height:23px", INK)
            return f'<p style="margin:12px 0 0;font-size:{size};color:{colour}">{escape(text)}</p>'
        case Bullets(title, items):
            lines = "".join(f'<li style="margin:0 0 4px">{escape(item)}</li>' for item in items)
            style = f"margin:0;padding:0 0 0 20px;font-size:14px;line-height:21px;color:{INK}"
            return f'{_title(title)}<ul style="{style}">{lines}</ul>'
        case Commands(title, items):
            return _title(title) + "".join(_command(words, typed) for words, typed in items)
        case Table():
            return _title(part.title) + _table(part)
        case Picture(cid, caption):
            style = f"display:block;width:100%;max-width:582px;height:auto;border:1px solid {LINE};border-radius:4px"
            return f'{_title(caption)}<img src="cid:{escape(cid)}" alt="{escape(caption)}" width="582" style="{style}">'


def _command(words: str, typed: str) -> str:
    style = (
        f"margin:0 0 10px;padding:7px 10px;background:{PAPER};border:1px solid {LINE};border-radius:4px;color:{INK};"
        "font-family:Consolas,Menlo,monospace;font-size:13px;line-height:19px;word-break:break-word"
    )
    return (
        f'<p style="margin:0 0 4px;font-size:14px;line-height:20px;color:{INK}">{escape(words)}</p>'
        f'<p style="{style}">{" ".join(_unbroken(word) for word in typed.split())}</p>'
    )


def _unbroken(word: str) -> str:
    # a browser breaks `--why` after its hyphens
    space = "nowrap" if len(word) <= LONGEST_WORD else "normal"
    return f'<span style="white-space:{space}">{escape(word)}</span>'


def _title(text: str) -> str:
    return (
        f'<h2 style="margin:24px 0 8px;font-size:15px;line-height:20px;font-weight:600;color:{INK}">{escape(text)}</h2>'
    )


def _table(table: Table) -> str:
    head = _cells("th", table.header, table.words, f"border-bottom:2px solid {LINE};color:{GREY};font-weight:600")
    rows = "".join(_row(row, table.words) for row in table.rows)
    style = f"border-collapse:collapse;font-size:14px;line-height:19px;color:{INK}"
    return f'<table width="100%" cellspacing="0" cellpadding="0" style="{style}"><tr>{head}</tr>{rows}</table>'


def _row(row: Row, words: int) -> str:
    style = f"border-bottom:1px solid {LINE}"
    if row.tone is not None:
        accent, tint = COLOURS[row.tone]
        style += f";background:{tint};color:{accent};font-weight:600"
    return f"<tr>{_cells('td', row.cells, words, style, row.marked)}</tr>"


def _cells(tag: str, cells: Iterable[str], words: int, style: str, marked: Collection[int] = frozenset()) -> str:
    styled = ((cell, at < words, style + MARK * (at in marked)) for at, cell in enumerate(cells))
    return "".join(_cell(tag, cell, is_words, words == 1, style) for cell, is_words, style in styled)


def _cell(tag: str, text: str, is_words: bool, alone: bool, style: str) -> str:
    """``alone`` words give way to the numbers beside them: on a phone a long name is broken, and no number is cut."""
    side, space = ("left", "normal") if is_words else ("right", "nowrap")
    wild = any(len(word) > LONGEST_WORD for word in text.split())
    cut = "word-break:break-word;" if is_words and (wild or alone) else ""
    return (
        f'<{tag} align="{side}" style="padding:6px;vertical-align:top;text-align:{side};white-space:{space};'
        f'{cut}{style}">{escape(text)}</{tag}>'
    )
