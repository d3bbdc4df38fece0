"""The web page of the mail sink: every mail as its reader would see it, and the same as JSON for tests.

A mail is a stranger's document: it is shown in a sandboxed frame in which nothing runs and nothing is fetched.
"""

import html
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote

from stack.mail import Attachment, Folder, Mail

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'"
)
BODY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none';"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)
ICON = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
    b'<path fill="#3b5bdb" d="M11 1a7 7 0 1 0 4 11A7 7 0 0 1 11 1z"/></svg>'
)
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


@dataclass(frozen=True)
class Answer:
    """What goes back to the browser."""

    body: bytes
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    policy: str = PAGE_POLICY
    headers: dict[str, str] = field(default_factory=dict)


def answer(folder: Folder, path: str) -> Answer:
    """The answer to a GET of this path."""
    words = [unquote(word) for word in path.partition("?")[0].strip("/").split("/")]
    match words:
        case [""]:
            return _overview(folder)
        case ["health"]:
            return Answer(b"ok\n", "text/plain; charset=utf-8")
        case ["style.css"]:
            return Answer(Path(__file__).with_name("mail_page.css").read_bytes(), "text/css; charset=utf-8")
        case ["icon.svg"]:
            return Answer(ICON, "image/svg+xml")
        case ["api", "mails"]:
            return _json([_plain(mail) for mail in folder.mails()])
        case ["mail", identity, *rest]:
            mail = folder.find(identity)
            return _one(folder, mail, rest) if mail else _missing("This mail is gone.")
        case _:
            return _missing("There is no such page.")


def _one(folder: Folder, mail: Mail, words: list[str]) -> Answer:
    match words:
        case []:
            return _page(mail.subject, list(folder.mails()), mail, "body" if mail.html else "text")
        case ["plain"]:
            return _page(mail.subject, list(folder.mails()), mail, "text")
        case ["body"]:
            return Answer(_body(mail).encode(), policy=BODY_POLICY)
        case ["text"]:
            return Answer(_text(mail).encode(), policy=BODY_POLICY)
        case ["source"]:
            return _page(mail.subject, list(folder.mails()), mail, "raw")
        case ["raw"]:
            return Answer(folder.source(mail.id) or b"", "text/plain; charset=utf-8", policy=BODY_POLICY)
        case ["cid", cid]:
            return _file(next((each for each in mail.attachments if each.cid == cid), None))
        case ["file", number] if number.isdecimal() and int(number) < len(mail.attachments):
            return _file(mail.attachments[int(number)])
        case _:
            return _missing("This mail has no such part.")


def _json(content: object) -> Answer:
    return Answer(json.dumps(content, indent=1).encode(), "application/json")


def _plain(mail: Mail) -> dict[str, str]:
    return {
        "id": mail.id,
        "to": mail.to,
        "from": mail.sender,
        "subject": mail.subject,
        "date": mail.date,
        "received": mail.received.isoformat(),
        "text": mail.text,
    }


def _missing(sentence: str) -> Answer:
    return Answer(_frame("Not found", f'<main class="none"><p>{html.escape(sentence)}</p></main>').encode(), status=404)


def _file(attachment: Attachment | None) -> Answer:
    if attachment is None:
        return _missing("This mail has no such part.")
    if attachment.kind in PICTURES:
        return Answer(attachment.data, attachment.kind, policy="default-src 'none'")
    saved = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(attachment.name, safe='')}"}
    return Answer(attachment.data, "application/octet-stream", policy="default-src 'none'", headers=saved)


def _body(mail: Mail) -> str:
    """The mail's own HTML: its pictures come from this sink, its links open in a tab of their own."""
    shown = re.sub(r"cid:([^\"'\s)>]+)", lambda found: f"{_address(mail)}/cid/{quote(found[1], safe='')}", mail.html)
    return f'<!doctype html><meta charset="utf-8"><base target="_blank">{shown}'


def _text(mail: Mail) -> str:
    text = mail.text or "This mail has no plain text."
    style = "font:15px/1.6 ui-monospace,monospace;white-space:pre-wrap;max-width:48rem;margin:1.5rem;color:#1b2430"
    return f'<!doctype html><meta charset="utf-8"><base target="_blank"><div style="{style}">{_with_links(text)}</div>'


def _with_links(text: str) -> str:
    parts, at = [], 0
    for link in LINK.finditer(text):
        address = html.escape(link[0])
        parts += [html.escape(text[at : link.start()]), f'<a href="{address}">{address}</a>']
        at = link.end()
    return "".join([*parts, html.escape(text[at:])])


def _overview(folder: Folder) -> Answer:
    mails = list(folder.mails())
    return _page("Mail", mails, mails[0] if mails else None, "body" if mails and mails[0].html else "text", fresh=True)


def _page(title: str, mails: Sequence[Mail], chosen: Mail | None, view: str, fresh: bool = False) -> Answer:
    listed = "".join(_entry(mail, mail == chosen) for mail in mails) or "<li class='none'>No mail yet.</li>"
    count = f"{len(mails)} mail{'' if len(mails) == 1 else 's'}"
    head = f'<header><a class="brand" href="/">Nightshift mail</a><span>{count}</span></header>'
    side = f"<nav>{head}<ul>{listed}</ul></nav>"
    empty = '<main class="none"><p>Mails that the platform sends appear here.<br>None leaves this machine.</p></main>'
    return Answer(_frame(title, side + (_reader(chosen, view) if chosen else empty), fresh).encode())


def _frame(title: str, content: str, fresh: bool = False) -> str:
    again = '<meta http-equiv="refresh" content="20">' if fresh else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{again}<title>{html.escape(title)}</title>'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="/icon.svg">'
        '<link rel="stylesheet" href="/style.css"></head>'
        f"<body>{content}</body></html>"
    )


def _entry(mail: Mail, chosen: bool) -> str:
    opening = html.escape(" ".join(mail.text.split())[:140])
    return (
        f'<li{" class=chosen" if chosen else ""}><a href="{_address(mail)}"><span class="line">'
        f"<b>{html.escape(mail.to)}</b>{_when(mail.received)}</span><strong>{html.escape(mail.subject)}</strong><em>{opening}</em></a></li>"
    )


def _when(moment: datetime) -> str:
    local = moment.astimezone()
    same_day = local.date() == datetime.now().astimezone().date()
    shown = local.strftime("%H:%M" if same_day else "%d %b")
    return f'<time datetime="{moment.isoformat()}" title="{local:%Y-%m-%d %H:%M:%S %Z}">{shown}</time>'


def _reader(mail: Mail, view: str) -> str:
    here = _address(mail)
    rows = (("From", mail.sender), ("To", mail.to), ("Date", mail.date or f"{mail.received:%Y-%m-%d %H:%M:%S %Z}"))
    facts = "".join(f"<dt>{name}</dt><dd>{html.escape(value)}</dd>" for name, value in rows)
    html_tab = _tab(here, "Message", view == "body") if mail.html else ""
    tabs = (
        html_tab + _tab(f"{here}/plain", "Plain text", view == "text") + _tab(f"{here}/source", "Source", view == "raw")
    )
    frame = f'<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" src="{here}/{view}" title="mail"></iframe>'
    return (
        f"<main><h1>{html.escape(mail.subject)}</h1><dl>{facts}</dl>"
        f'<div class="tabs">{tabs}{_files(mail)}</div>{frame}</main>'
    )


def _tab(address: str, name: str, current: bool) -> str:
    return f'<a{" class=current" if current else ""} href="{address}">{name}</a>'


def _files(mail: Mail) -> str:
    links = (
        f'<a class="file" href="{_address(mail)}/file/{number}">{html.escape(each.name)}</a>'
        for number, each in enumerate(mail.attachments)
        if not (each.cid and f"cid:{each.cid}" in mail.html)
    )
    return "".join(links)


def _address(mail: Mail) -> str:
    return f"/mail/{quote(mail.id, safe='')}"


def serve(folder: Folder, port: int) -> None:
    """Serve the page on loopback until the process ends."""
    make_server(folder, port).serve_forever()


def make_server(folder: Folder, port: int) -> ThreadingHTTPServer:
    """The server of the page, bound and not yet serving; port 0 takes a free one."""
    return ThreadingHTTPServer(("127.0.0.1", port), _handler(lambda path: answer(folder, path)))


def _handler(respond: Callable[[str], Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 30

        def do_GET(self) -> None:
            if not self._is_for_us():
                self.send_error(403, "This page is served under localhost only")
                return
            self._send(respond(self.path))

        do_HEAD = do_GET  # noqa: N815

        def _is_for_us(self) -> bool:
            """A name that an attacker's DNS points at loopback must not read our mail."""
            name = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
            return name in ("127.0.0.1", "localhost")

        def _send(self, result: Answer) -> None:
            self.send_response(result.status)
            fixed = {
                "Content-Type": result.kind,
                "Content-Length": str(len(result.body)),
                "Content-Security-Policy": result.policy,
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer",
                "Cache-Control": "no-store",
            }
            for name, value in (fixed | result.headers).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(result.body)

        def version_string(self) -> str:
            return "nightshift"

        def log_message(self, format: str, *words: object) -> None:
            """Say nothing: health checks would fill the log."""

    return Handler
