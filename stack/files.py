"""Small private files: mode 0600, written whole or not at all."""

import os
import secrets
from contextlib import suppress
from pathlib import Path


def create(path: Path, text: str) -> None:
    """Write a file of mode 0600 unless one is there; readers see nothing or all of it, whoever else writes."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    _write(draft, text)
    try:
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def replace(path: Path, text: str) -> None:
    """Write a file of mode 0600 in place of the one that is there, all at once."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    _write(draft, text)
    draft.replace(path)


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
