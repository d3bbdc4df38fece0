"""Where mails go: a server, or for a throw-away workspace a folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from ml.errors import ConfigError, ServiceUnavailable

if TYPE_CHECKING:
    import smtplib
    import ssl
    from email.message import EmailMessage

TIMEOUT_SECONDS = 10.0
_PORTS = {"smtp": 25, "smtps": 465}


class Mailbox(Protocol):
    """Where mails go; ``sender`` is the address they come from."""

    @property
    def sender(self) -> str: ...

    def send(self, message: "EmailMessage", recipient: str) -> None:
        """Hand the mail over for one recipient.

        Raises
        ------
        ServiceUnavailable
            Nobody took it now; trying again later can help.
        ConfigError
            It was refused for good: an address, the password or the certificate is not what the settings say.
        """


def open_mailbox(address: str, sender: str = "nightshift@localhost") -> Mailbox:
    """The mailbox at ``smtp://host:port``, ``smtps://user:password@host`` or ``file:///folder``; connects to nothing.

    Raises
    ------
    ConfigError
        The address is of another kind.
    """
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError:
        raise ConfigError("NIGHTSHIFT_SMTP_URL is not an address; write for example smtp://localhost:1025") from None
    if url.scheme == "file" and url.path:
        return FolderMailbox(Path(unquote(url.path)), sender)
    if url.scheme in _PORTS and url.hostname:
        return SmtpMailbox(url.hostname, port or _PORTS[url.scheme], sender, url.scheme == "smtps", *_credentials(url))
    raise ConfigError(f"NIGHTSHIFT_SMTP_URL is of kind {url.scheme!r}; write smtp://, smtps:// or file:///folder")


def _credentials(url: SplitResult) -> tuple[str | None, str | None]:
    return url.username and unquote(url.username), url.password and unquote(url.password)


@dataclass(frozen=True)
class FolderMailbox:
    """A folder of .eml files, one per Message-ID, whoever the recipients are."""

    folder: Path
    sender: str

    def send(self, message: "EmailMessage", recipient: str) -> None:
        """Write the mail under a name made of its Message-ID; a second time it is there already."""
        place = self.folder / f"{message['Message-ID'].strip('<>').partition('@')[0]}.eml"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not place.exists():
                _write(place, bytes(message))
        except OSError as error:
            raise ServiceUnavailable(f"the mail for {recipient} could not be written: {error}") from error


def _write(place: Path, content: bytes) -> None:
    fresh = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)


@dataclass(frozen=True)
class SmtpMailbox:
    """A mail server. It is spoken to in clear only on this host, or when it offers nothing else and no password is
    sent; a password only ever goes over TLS with a certificate that was checked."""

    host: str
    port: int
    sender: str
    tls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def send(self, message: "EmailMessage", recipient: str) -> None:
        """Hand the mail over in an SMTP session of its own, each of its waits at most 10 s long."""
        with self._answering(recipient), self._connected() as server:
            server.send_message(message, from_addr=self.sender, to_addrs=[recipient])

    @contextmanager
    def _connected(self) -> Iterator["smtplib.SMTP"]:
        import smtplib

        if self.tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_SECONDS, context=_certificates()
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            self._prepare(server)
            yield server
            with suppress(smtplib.SMTPException, OSError):
                server.quit()  # the mail is the server's by now, so a failed farewell changes nothing
        finally:
            server.close()

    def _prepare(self, server: "smtplib.SMTP") -> None:
        server.ehlo_or_helo_if_needed()
        secret = self.user is not None
        if not self.tls and server.has_extn("starttls") and (secret or not self._is_here):
            server.starttls(context=_certificates())
        elif secret and not self.tls:
            raise ConfigError(
                f"{self._place} offers no TLS, so the password of NIGHTSHIFT_SMTP_URL is not sent; "
                "write smtps://, or leave user and password out"
            )
        if self.user is not None:
            server.login(self.user, self.password or "")

    @property
    def _is_here(self) -> bool:
        return self.host in ("localhost", "127.0.0.1", "::1")

    @property
    def _place(self) -> str:
        return f"the mail server {self.host}:{self.port}"

    @contextmanager
    def _answering(self, recipient: str) -> Iterator[None]:
        try:
            yield
        except (OSError, UnicodeError) as error:  # smtplib's errors are OSErrors
            raise self._foreseen(error, recipient) from error

    def _foreseen(self, error: Exception, recipient: str) -> ConfigError | ServiceUnavailable:
        """Our name for a failure: what the server refuses for good is a wrong setting, as no retry can mend it."""
        import smtplib
        import ssl

        if isinstance(error, smtplib.SMTPAuthenticationError) and _is_final(error.smtp_code):
            return ConfigError(f"{self._place} refused the user and password of NIGHTSHIFT_SMTP_URL")
        if isinstance(error, ssl.SSLCertVerificationError):
            return ConfigError(f"the certificate of {self._place} is not to be trusted: {error.verify_message}")
        code, said = _reply(error)
        if _is_final(code):
            return ConfigError(f"{self._place} refused the mail from {self.sender} to {recipient} for good: {said}")
        if isinstance(error, smtplib.SMTPNotSupportedError | UnicodeError) or type(error) is smtplib.SMTPException:
            return ConfigError(f"{self._place} cannot be spoken to as NIGHTSHIFT_SMTP_URL says: {said}")
        return ServiceUnavailable(f"{self._place} did not take the mail for {recipient}: {said}")


def _is_final(code: int | None) -> bool:
    return code is not None and 500 <= code < 600


def _reply(error: Exception) -> tuple[int | None, str]:
    """The server's code, if it gave one, and what it said, in one line."""
    import smtplib

    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return code, f"{code} {_line(said)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code, f"{error.smtp_code} {_line(error.smtp_error)}"
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return None, f"no answer within {TIMEOUT_SECONDS:.0f} s"
    return None, _line(str(error)) or type(error).__name__


def _line(said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:200]


def _certificates() -> "ssl.SSLContext":
    import ssl

    return ssl.create_default_context()
