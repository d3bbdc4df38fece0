"""Who may ask, known without the ledger: digests and scopes in memory and in a file, with their age."""

from __future__ import annotations

import hmac
import logging
import os
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from ml.errors import NightshiftError
from ml.records import Caller, Record
from ml.serving.refusals import Refused
from ml.tokens import digest_of

if TYPE_CHECKING:
    from ml.ledger import Ledger

REFRESH_SECONDS = 2.0
OLDEST = timedelta(days=7)
_SEEN_SECONDS = 30


class _Known(Record):
    """What the file holds: the callers that may ask, and when the ledger was last heard."""

    at: datetime
    callers: tuple[Caller, ...]


class Register:
    """The callers as the ledger had them last; it may have been away for up to seven days.

    A thread asks the ledger every two seconds, so a revoked token is worthless within seconds; while the ledger is away
    it still works. ``asked`` are the callers that were seen since they were last written down.
    """

    def __init__(self, ledger: Ledger | None, file: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)):
        self.ledger, self.file, self.now = ledger, file, now
        self.asked: dict[str, datetime] = {}
        self._known = self._read()
        self._by_digest = {caller.digest: caller for caller in self._known.callers}
        self._stop = threading.Event()
        self._written = now()

    @property
    def heard(self) -> datetime:
        """When the ledger last said who may ask."""
        return self._known.at

    def caller(self, header: str | None) -> Caller:
        """Who sends this ``Authorization`` header.

        Raises
        ------
        Refused
            Nobody that is known (401), or what is known is too old (503).
        """
        kind, _, token = (header or "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise _unknown("a token is needed: send the header Authorization: Bearer TOKEN")
        digest = digest_of(token.strip()[:200])
        caller = self._by_digest.get(digest)
        if caller is None or not hmac.compare_digest(caller.digest, digest):
            raise _unknown("the token is not known, or was revoked")
        self._refuse_old()
        self.asked[digest] = self.now()
        return caller

    def _refuse_old(self) -> None:
        if self.now() - self._known.at > OLDEST:
            raise Refused(
                503,
                f"the ledger has not said since {self._known.at:%Y-%m-%d %H:%M} UTC who may ask; "
                f"that is believed for {OLDEST.days} days",
                headers={"Retry-After": "60"},
            )

    def refresh(self) -> None:
        """Ask the ledger who may ask, and tell it who did.

        Raises
        ------
        ServiceUnavailable
            It did not answer; what was known stays.
        """
        if self.ledger is None:
            return
        known = _Known(at=self.now(), callers=tuple(c for c in self.ledger.callers() if c.revoked is None))
        changed = {c.digest: c.scopes for c in known.callers} != {c.digest: c.scopes for c in self._known.callers}
        self._by_digest, self._known = {caller.digest: caller for caller in known.callers}, known
        if changed or (self.now() - self._written).total_seconds() > _SEEN_SECONDS:
            self._write(known)
            self.tell()

    def tell(self) -> None:
        """Write down in the ledger who asked when."""
        seen, self.asked = self.asked, {}
        if self.ledger is not None and seen:
            self.ledger.record_seen(seen)

    def start(self) -> None:
        """Keep asking, in a thread."""
        threading.Thread(target=self._keep_asking, name="callers", daemon=True).start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()

    def _keep_asking(self) -> None:
        silent = False
        while not self._stop.wait(REFRESH_SECONDS):
            try:
                self.refresh()
                silent = False
            except NightshiftError as error:
                if not silent:
                    logging.getLogger(__name__).warning("%s; who may ask is known from %s", error, self._known.at)
                silent = True

    def _read(self) -> _Known:
        try:
            return _Known.model_validate_json(self.file.read_text())
        except FileNotFoundError:
            return _Known(at=datetime(1970, 1, 1, tzinfo=UTC), callers=())
        except (ValidationError, UnicodeDecodeError):
            logging.getLogger(__name__).warning("%s is damaged; the ledger is asked who may ask", self.file)
            return _Known(at=datetime(1970, 1, 1, tzinfo=UTC), callers=())

    def _write(self, known: _Known) -> None:
        self._written = self.now()
        draft = self.file.with_name(f".{self.file.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(known.model_dump_json())
        draft.replace(self.file)


def _unknown(sentence: str) -> Refused:
    return Refused(401, sentence, headers={"WWW-Authenticate": "Bearer"})
