"""An alert as a mail that every program can read."""

from email import message_from_bytes
from email.policy import default

import pytest
from pydantic import ValidationError

from ml.notifiers.mail import Mail, compose, message_id

PNG = b"\x89PNG\r\n\x1a\n picture"


@pytest.fixture
def mail(alert):
    """What a reader's program makes of the bytes that were sent."""
    sent = compose(alert, {"drift": PNG}, "night@example.com", ("ada@example.com", "bob@example.com"))
    return message_from_bytes(bytes(sent), policy=default)


def test_plain_text_and_html_say_it_side_by_side_with_the_picture_inside(mail, alert):
    assert mail.get_content_type() == "multipart/alternative"
    text, related = mail.iter_parts()
    html, picture = related.iter_parts()
    assert text.get_content().replace("\r\n", "\n").rstrip("\n") == alert.text
    assert html.get_content().replace("\r\n", "\n").rstrip("\n") == alert.html
    assert (picture["Content-ID"], picture.get_content_type(), picture.get_content()) == ("<drift>", "image/png", PNG)


def test_a_mail_without_pictures_has_two_parts(alert):
    sent = compose(alert, {}, "night@example.com", ("ada@example.com",))
    assert [part.get_content_type() for part in sent.iter_parts()] == ["text/plain", "text/html"]


def test_the_head_says_from_whom_to_whom_and_when(mail):
    assert (mail["From"], mail["To"]) == ("night@example.com", "ada@example.com, bob@example.com")
    assert mail["Subject"] == "flights drifted: 5 of 12 columns"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail["Auto-Submitted"] == "auto-generated"


def test_no_line_is_longer_than_mail_allows(alert):
    sent = bytes(compose(alert, {"drift": PNG * 500}, "night@example.com", ("ada@example.com",)))
    assert max(len(line) for line in sent.split(b"\r\n")) <= 998


def test_the_message_id_is_that_of_the_alert(mail, alert):
    assert mail["Message-ID"] == message_id(alert.key, "night@example.com")
    assert message_id(alert.key, "night@example.com") != message_id(alert.key + "2", "night@example.com")


def test_a_line_break_in_a_subject_adds_no_header(alert):
    sent = compose(alert.model_copy(update={"subject": "a\r\nBcc: eve@example.com\0"}), {}, "n@example.com", ("a@b.c",))
    assert message_from_bytes(bytes(sent), policy=default)["Bcc"] is None
    assert sent["Subject"] == "a Bcc: eve@example.com"


@pytest.mark.parametrize("header", ["n@example.com\nBcc: eve@example.com"])
def test_a_line_break_in_a_sender_is_refused(alert, header):
    with pytest.raises(ValueError, match="linefeed"):
        compose(alert, {}, header, ("a@b.c",))


@pytest.mark.parametrize("address", ["ada", "ada@b\nBcc: eve@c", "a@b, c@d", "Ada <ada@b>", "a b@c", ""])
def test_a_recipient_is_one_bare_address(address):
    with pytest.raises(ValidationError):
        Mail(to=(address,))


def test_somebody_must_be_told():
    with pytest.raises(ValidationError):
        Mail(to=())


def test_one_recipient_gets_the_mail_that_names_all(alert):
    sent = []

    class Kept:
        sender = "night@example.com"

        def send(self, message, recipient):
            sent.append((message["To"], recipient))

    Mail(to=("ada@b.c", "bob@b.c")).deliver(alert, {}, Kept(), "bob@b.c")
    assert sent == [("ada@b.c, bob@b.c", "bob@b.c")]
