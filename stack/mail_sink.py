"""The mail sink: takes every mail over SMTP on loopback, keeps it in a Maildir, delivers it to nobody.

``python -m stack.mail_sink FOLDER PAGE_PORT SMTP_PORT`` runs it together with its web page.
"""

import sys
from pathlib import Path
from typing import Any

from stack import mail_page
from stack.mail import ENVELOPE_TO, Folder

SIZE_LIMIT = 25_000_000


class Sink:
    """What the SMTP server does with a mail."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        """Keep it with its real recipients; answer so that the sender tries again when the disk is full."""
        recipients = ", ".join(envelope.rcpt_tos).encode()
        try:
            self.folder.add(ENVELOPE_TO.encode() + b": " + recipients + b"\r\n" + envelope.original_content)
        except OSError as error:
            print(f"a mail could not be kept: {error}", file=sys.stderr, flush=True)
            return "452 4.3.1 the mail sink could not write to its disk"
        return "250 2.0.0 kept"


def main() -> None:
    """Serve SMTP and the page until told to stop."""
    from aiosmtpd.controller import Controller

    root, page, smtp = sys.argv[1:]
    folder = Folder(Path(root))
    controller = Controller(
        Sink(folder), hostname="127.0.0.1", port=int(smtp), data_size_limit=SIZE_LIMIT, server_hostname="localhost"
    )
    controller.start()
    mail_page.serve(folder, int(page))


if __name__ == "__main__":
    main()
