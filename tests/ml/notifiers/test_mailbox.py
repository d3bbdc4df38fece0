"""A mail is taken, or there is a sentence that says why not."""

import stat
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

from ml.errors import ConfigError, ServiceUnavailable
from ml.notifiers.mail import compose
from ml.notifiers.mailbox import FolderMailbox, SmtpMailbox, open_mailbox


@pytest.fixture
def message(alert):
    return compose(alert, {}, "night@example.com", ("ada@example.com",))


def checker(server, session, envelope, mechanism, data):
    known = (data.login, data.password) == (b"ada", b"s3cr/t")
    return AuthResult(success=known, handled=known)


def send(message, address, recipient="ada@example.com"):
    open_mailbox(address, "night@example.com").send(message, recipient)


@pytest.mark.integration
def test_a_server_gets_the_mail_with_its_envelope(message, serve, inbox):
    send(message, f"smtp://127.0.0.1:{serve()}")
    (envelope,) = inbox.mails
    assert (envelope.mail_from, envelope.rcpt_tos) == ("night@example.com", ["ada@example.com"])
    assert b"Subject: flights drifted" in envelope.content


@pytest.mark.integration
def test_a_password_goes_over_starttls(message, serve, inbox, tls, trusted):
    port = serve(tls_context=tls, require_starttls=True, authenticator=checker, auth_required=True)
    send(message, f"smtp://ada:s3cr%2Ft@localhost:{port}")
    assert len(inbox.mails) == 1


@pytest.mark.integration
def test_a_password_goes_over_tls_from_the_first_byte(message, serve, inbox, tls, trusted):
    port = serve(ssl_context=tls, authenticator=checker, auth_require_tls=False, server_hostname="localhost")
    send(message, f"smtps://ada:s3cr%2Ft@localhost:{port}")
    assert len(inbox.mails) == 1


@pytest.mark.integration
def test_a_password_is_never_sent_in_clear(message, serve, inbox):
    port = serve(authenticator=checker, auth_require_tls=False)
    with pytest.raises(ConfigError, match="offers no TLS") as caught:
        send(message, f"smtp://ada:s3cr%2Ft@localhost:{port}")
    assert "s3cr" not in str(caught.value)
    assert inbox.mails == []


@pytest.mark.integration
def test_a_wrong_password_is_a_wrong_setting(message, serve, tls, trusted):
    port = serve(tls_context=tls, authenticator=checker)
    with pytest.raises(ConfigError, match="refused the user and password") as caught:
        send(message, f"smtp://ada:wr0ng@localhost:{port}")
    assert "wr0ng" not in str(caught.value)


@pytest.mark.integration
def test_a_password_that_smtp_cannot_carry_is_a_wrong_setting(message, serve, tls, trusted):
    port = serve(tls_context=tls, authenticator=checker)
    with pytest.raises(ConfigError, match="cannot be spoken to"):
        send(message, f"smtp://ada:w%C3%B6rd@localhost:{port}")


@pytest.mark.integration
def test_a_certificate_that_nobody_trusts_is_a_wrong_setting(message, serve, inbox, tls):
    port = serve(tls_context=tls, authenticator=checker)
    with pytest.raises(ConfigError, match=r"certificate of the mail server .* is not to be trusted"):
        send(message, f"smtp://ada:s3cr%2Ft@localhost:{port}")
    assert inbox.mails == []


@pytest.mark.integration
@pytest.mark.parametrize(
    ("reply", "error"),
    [("550 no such user", ConfigError), ("450 try later", ServiceUnavailable), ("421 closing", ServiceUnavailable)],
)
def test_a_refusal_for_good_is_a_wrong_setting_and_one_for_now_is_not(message, serve, inbox, reply, error):
    inbox.replies["ada@example.com"] = reply
    with pytest.raises(error, match=f"ada@example.com.*{reply}"):
        send(message, f"smtp://127.0.0.1:{serve()}")


@pytest.mark.integration
@pytest.mark.parametrize(("reply", "error"), [("554 not here", ConfigError), ("452 disk full", ServiceUnavailable)])
def test_a_refusal_of_the_text_tells_the_same_two_apart(message, serve, inbox, reply, error):
    inbox.replies["data"] = reply
    with pytest.raises(error, match=reply):
        send(message, f"smtp://127.0.0.1:{serve()}")


def test_nobody_there_is_unavailable_and_the_password_unsaid(message, nobody):
    with pytest.raises(ServiceUnavailable, match=rf"the mail server localhost:{nobody} did not take") as caught:
        send(message, f"smtp://ada:s3cret@localhost:{nobody}")
    assert "s3cret" not in str(caught.value)


def test_a_server_that_never_answers_is_unavailable(message, black_hole, monkeypatch):
    monkeypatch.setattr("ml.notifiers.mailbox.TIMEOUT_SECONDS", 0.2)
    with pytest.raises(ServiceUnavailable, match="no answer within"):
        send(message, f"smtp://127.0.0.1:{black_hole}")


def test_a_server_that_hangs_up_is_unavailable(message, hanging_up):
    with pytest.raises(ServiceUnavailable, match="did not take the mail"):
        send(message, f"smtp://127.0.0.1:{hanging_up}")


def test_a_host_that_does_not_exist_is_unavailable(message):
    with pytest.raises(ServiceUnavailable, match="did not take the mail"):
        send(message, "smtp://mail.invalid")


def test_a_folder_keeps_one_private_file_per_mail_however_often_it_is_sent(message, tmp_path: Path):
    mailbox = FolderMailbox(tmp_path / "mails", "night@example.com")
    for recipient in ("ada@example.com", "bob@example.com"):
        mailbox.send(message, recipient)
    (file,) = (tmp_path / "mails").iterdir()
    assert file.suffix == ".eml"
    assert file.read_bytes() == bytes(message)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_written_is_unavailable(message, tmp_path: Path):
    (tmp_path / "mails").write_text("a file where the folder should be")
    with pytest.raises(ServiceUnavailable, match="could not be written"):
        FolderMailbox(tmp_path / "mails", "night@example.com").send(message, "ada@example.com")


def test_an_address_says_which_mailbox_it_is():
    assert open_mailbox("smtp://host:1025", "n@b.c") == SmtpMailbox("host", 1025, "n@b.c")
    assert open_mailbox("smtps://ada:p%40@host", "n@b.c") == SmtpMailbox("host", 465, "n@b.c", True, "ada", "p@")
    assert open_mailbox("file:///a%20b/mails", "n@b.c") == FolderMailbox(Path("/a b/mails"), "n@b.c")


@pytest.mark.parametrize("address", ["", "host:25", "http://host", "smtp://u:s3cret@host:port", "file://", "smtp://"])
def test_another_kind_of_address_is_a_wrong_setting(address):
    with pytest.raises(ConfigError, match="NIGHTSHIFT_SMTP_URL") as caught:
        open_mailbox(address, "n@b.c")
    assert "s3cret" not in str(caught.value)


def test_the_password_is_not_in_the_repr():
    assert "s3cret" not in repr(open_mailbox("smtps://ada:s3cret@host", "n@b.c"))
