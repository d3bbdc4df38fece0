"""Real mail servers, of every temper."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ml.records import Alert


class Inbox:
    """Takes mails; ``replies`` are what it says to a recipient instead of taking him, and to the data of a mail."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.replies: dict[str, str] = {}

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if "data" in self.replies:
            return self.replies["data"]
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def serve(inbox: Inbox) -> Iterator[Callable[..., int]]:
    """Starts a server of aiosmtpd for the inbox; gives its port."""
    from aiosmtpd.controller import Controller

    with ExitStack() as stack:

        def start(**options: Any) -> int:
            controller = Controller(inbox, hostname="127.0.0.1", port=free_port(), **options)
            controller.start()
            stack.callback(controller.stop)
            return int(controller.port)

        yield start


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def nobody() -> int:
    """A port where nobody listens."""
    return free_port()


@pytest.fixture
def black_hole() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


@pytest.fixture
def hanging_up() -> Iterator[int]:
    """A port that greets and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=lambda: server.accept()[0].close())
        thread.start()
        yield int(server.getsockname()[1])
        thread.join()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for ``localhost`` that signed itself, with its key, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(1))
    signed = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False).add_extension(
        x509.BasicConstraints(True, None), True
    )
    file = tmp_path / "certificate.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(secret + signed.sign(key, hashes.SHA256()).public_bytes(pem))
    return file


@pytest.fixture
def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This host trusts the certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.fixture
def alert() -> Alert:
    return Alert(
        key="flights/2013-01-31/drift",
        pipeline="flights",
        day=datetime(2013, 1, 31).date(),
        kind="drift",
        subject="flights drifted: 5 of 12 columns",
        text="Zürich: 5 of 12 columns drifted.\n" + "x" * 2000,
        html='<p>Zürich</p><img src="cid:drift">',
    )
