"""The mails that the local stack keeps: a Maildir, and each mail as it is shown."""

import email
import mailbox
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path

ENVELOPE_TO = "X-Envelope-To"


@dataclass(frozen=True)
class Attachment:
    """A part of a mail that is no body: a picture shown in the body, or a file."""

    name: str
    kind: str
    cid: str
    data: bytes


@dataclass(frozen=True)
class Mail:
    """One mail as it is shown; all texts as they came, to be escaped by whoever shows them."""

    id: str
    received: datetime
    sender: str
    to: str
    subject: str
    date: str
    text: str
    html: str
    attachments: tuple[Attachment, ...]


class Folder:
    """A Maildir: one file a mail, newest first."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for state in ("tmp", "new", "cur"):  # the mailbox module makes them only together with the root
            (root / state).mkdir(mode=0o700, parents=True, exist_ok=True)
        self._maildir = mailbox.Maildir(root)

    def add(self, content: bytes) -> None:
        """Keep a mail; on the disk, not only in memory, when this returns. Raises OSError when the disk is full."""
        self._maildir.add(content)  # the mailbox module syncs the file, but not its name
        folder = os.open(self.root / "new", os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def mails(self) -> Iterator[Mail]:
        """All mails, newest first."""
        return (read(path) for path in self._paths())

    def find(self, identity: str) -> Mail | None:
        """The mail of this id."""
        return next((read(path) for path in self._paths() if path.name == identity), None)

    def source(self, identity: str) -> bytes | None:
        """The mail of this id as it came over the wire."""
        return next((path.read_bytes() for path in self._paths() if path.name == identity), None)

    def _paths(self) -> list[Path]:
        paths = [path for state in ("new", "cur") for path in (self.root / state).iterdir()]
        return sorted(paths, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def read(path: Path) -> Mail:
    """Parse a mail leniently: what is malformed is shown as it is."""
    message = email.message_from_bytes(path.read_bytes())
    leaves = [part for part in message.walk() if not part.is_multipart()]
    bodies = [part for part in leaves if part.get_content_disposition() != "attachment" and not part.get_filename()]
    text = next((part for part in bodies if part.get_content_type() == "text/plain"), None)
    html = next((part for part in bodies if part.get_content_type() == "text/html"), None)
    return Mail(
        id=path.name,
        received=datetime.fromtimestamp(path.stat().st_mtime, UTC),
        sender=_header(message, "From"),
        to=_header(message, "To") or _header(message, ENVELOPE_TO),
        subject=_header(message, "Subject") or "(no subject)",
        date=_header(message, "Date"),
        text=_text(text),
        html=_text(html),
        attachments=tuple(_attachment(part) for part in leaves if part not in (text, html)),
    )


def _header(message: Message, name: str) -> str:
    raw = str(message.get(name, ""))
    try:
        return " ".join(str(make_header(decode_header(raw))).split())
    except (HeaderParseError, LookupError, UnicodeDecodeError):
        return raw


def _text(part: Message | None) -> str:
    if part is None:
        return ""
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    try:
        return data.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _attachment(part: Message) -> Attachment:
    data = part.get_payload(decode=True)
    cid = str(part.get("Content-ID", "")).strip().strip("<>")
    name = part.get_filename() or cid or "attachment"
    return Attachment(name, part.get_content_type(), cid, data if isinstance(data, bytes) else b"")
