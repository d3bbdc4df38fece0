"""The running sink: SMTP in, files and a page out."""

import smtplib
import socket
import subprocess
import sys

import pytest

from stack import mail, mail_sink
from stack.health import smtp, web
from stack.postgres import free_port
from tests.letter import message


@pytest.fixture
def sink(tmp_path):
    """A running sink: the ports of its page and of SMTP, and the folder that it writes."""
    page, port = free_port(), free_port()
    process = subprocess.Popen([sys.executable, "-m", "stack.mail_sink", tmp_path / "mail", str(page), str(port)])
    while not (web(page, "/health")(process.pid, 0) and smtp(port)(process.pid, 0)):
        assert process.poll() is None
    yield page, port, tmp_path / "mail"
    process.terminate()
    process.wait()


@pytest.mark.integration
def test_what_was_accepted_over_smtp_is_in_the_folder(sink):
    _, port, root = sink
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.send_message(message(), to_addrs=["hidden@example.com"])
    (one,) = mail.Folder(root).mails()
    assert one.subject == "Drift in flights"
    assert b"X-Envelope-To: hidden@example.com" in mail.Folder(root).source(one.id)


@pytest.mark.integration
def test_a_mail_that_is_too_big_is_refused(sink):
    with smtplib.SMTP("127.0.0.1", sink[1]) as client, pytest.raises(smtplib.SMTPSenderRefused):
        client.sendmail("a@b.c", ["d@e.f"], b"x" * (mail_sink.SIZE_LIMIT + 1))


@pytest.mark.integration
def test_a_sink_that_cannot_write_asks_to_try_again(sink):
    _, port, root = sink
    (root / "tmp").rmdir()
    with smtplib.SMTP("127.0.0.1", port) as client, pytest.raises(smtplib.SMTPDataError) as refused:
        client.send_message(message())
    assert refused.value.smtp_code == 452


@pytest.mark.integration
def test_it_listens_on_loopback_alone(sink):
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", sink[1]), timeout=2)
