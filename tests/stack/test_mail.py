import email.message
import smtplib
import socket
import subprocess
import sys

import pytest

from stack import mail
from stack.health import smtp, web
from stack.postgres import free_port


def message(subject="Drift in flights", html="<p>Seven of <b>nine</b></p>", to="owner@example.com"):
    letter = email.message.EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = subject, "nightshift@localhost", to
    letter.set_content("Seven of nine columns drifted.")
    letter.add_alternative(html, subtype="html")
    return letter


@pytest.fixture
def folder(tmp_path):
    return mail.Folder(tmp_path / "mail")


def test_a_mail_is_read_as_it_was_sent(folder):
    folder.add(message(subject="Abweichung über Nacht").as_bytes())
    (one,) = folder.mails()
    assert (one.subject, one.to) == ("Abweichung über Nacht", "owner@example.com")
    assert one.text.strip() == "Seven of nine columns drifted."
    assert "<b>nine</b>" in one.html
    assert folder.find(one.id) == one


def test_an_empty_folder_that_is_there_already_will_do(tmp_path):
    folder = mail.Folder(tmp_path)
    folder.add(message().as_bytes())
    assert len(list(folder.mails())) == 1


def test_the_newest_is_first(folder):
    for subject in ("first", "second", "third"):
        folder.add(message(subject).as_bytes())
    assert [one.subject for one in folder.mails()] == ["third", "second", "first"]


def test_an_unknown_id_is_no_path(folder):
    assert folder.find("../../etc/passwd") is None
    assert folder.source("") is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no header at all",
        b"Subject: =?nonsense?b?x?=\r\nContent-Type: text/plain; charset=klingon\r\n\r\nhe\xffllo",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x",
    ],
)
def test_a_malformed_mail_is_still_shown(folder, content):
    folder.add(content)
    assert len(list(folder.mails())) == 1


def test_pictures_and_files_are_attachments(folder):
    letter = message()
    letter.get_payload()[1].add_related(b"png", "image", "png", cid="<plot.png>")
    letter.add_attachment(b"a,b", maintype="text", subtype="csv", filename="rows.csv")
    folder.add(letter.as_bytes())
    (one,) = folder.mails()
    assert [(each.name, each.cid, each.data) for each in one.attachments] == [
        ("plot.png", "plot.png", b"png"),
        ("rows.csv", "", b"a,b"),
    ]


@pytest.fixture
def sink(tmp_path):
    """A running sink: the ports of its page and of SMTP, and the folder that it writes."""
    page, port = free_port(), free_port()
    process = subprocess.Popen([sys.executable, "-m", "stack.mail", tmp_path / "mail", str(page), str(port)])
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
        client.sendmail("a@b.c", ["d@e.f"], b"x" * (mail.SIZE_LIMIT + 1))


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
