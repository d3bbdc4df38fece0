"""The parts' logs: one file each, mode 0600, kept small."""

import os
import shutil
from pathlib import Path
from typing import IO

LIMIT = 10_000_000


def path(folder: Path, name: str) -> Path:
    """Where this part writes."""
    return folder / f"{name}.log"


def open_log(folder: Path, name: str) -> IO[bytes]:
    """The part's log, open for appending."""
    return os.fdopen(os.open(path(folder, name), os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "ab", buffering=0)


def trim(folder: Path, limit: int = LIMIT) -> None:
    """Move what exceeds the limit to ``.log.1``. The writer keeps its file: it appends, so emptying it is enough."""
    for log in folder.glob("*.log"):
        if log.stat().st_size > limit:
            shutil.copyfile(log, log.with_name(log.name + ".1"))
            os.truncate(log, 0)


def tail(folder: Path, name: str, lines: int = 20) -> list[str]:
    """The last lines of a part's log; none when it has not written yet."""
    log = path(folder, name)
    if not log.exists():
        return []
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 200 * lines - 4096))
        return file.read().decode(errors="replace").splitlines()[-lines:]
