"""The owner's own caller: made at the first start, its token in a file that only the owner reads."""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ml.records import Caller
from ml.tokens import digest_of, new_token

if TYPE_CHECKING:
    from ml.ledger import Ledger

OWNER = "owner"


def owner(ledger: Ledger, file: Path) -> None:
    """Make sure that the token in ``file`` is that of the caller ``owner``, who may ask everything.

    Where the token was lost or revoked, the old caller is revoked and another made. Killed in between, the next start
    does it again.

    Raises
    ------
    ServiceUnavailable
        The ledger did not answer.
    """
    known = {caller.digest for caller in ledger.callers() if caller.revoked is None and caller.name == OWNER}
    if file.is_file() and digest_of(file.read_text().strip()) in known:
        return
    now, token = datetime.now(UTC), new_token()
    if known:
        ledger.revoke_caller(OWNER, "nightshift", now)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as written:
        written.write(f"{token}\n")
    draft.replace(file)
    ledger.record_caller(Caller(name=OWNER, scopes=("*",), digest=digest_of(token), by="nightshift", at=now))
