"""The lake: immutable files, named after their content, that are either whole or not there.

    <root>/<pipeline>/<kind>/<first 32 digits of the sha256>.parquet
    <root>/.unfinished/…                                              written, but not yet renamed

A file is written under ``.unfinished``, forced to the disk, renamed, and its folder is forced to the disk: a process
that is killed anywhere leaves either the whole file or none under its name. Two writers of the same content write
the same bytes to the same name, so neither needs to wait for the other.
"""

from __future__ import annotations

import errno
import hashlib
import io
import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, cast
from uuid import uuid4

from ml.days import Span
from ml.errors import ConfigError, DataError, ServiceUnavailable
from ml.frames import together

if TYPE_CHECKING:
    import polars as pl

_UNFINISHED = ".unfinished"
_ABANDONED_SECONDS = 3600
_NAME_DIGITS = 32
_CLOCK_SECONDS = 0.001  # a moment in Python is coarser than one of the file system
ROWS_PER_GROUP = 131_072
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR)


@dataclass(frozen=True)
class Stored:
    """A file of the lake: its place relative to the root, the sha256 of its bytes, and how many rows it holds."""

    uri: str
    fingerprint: str
    rows: int = 0


@dataclass(frozen=True)
class Found:
    """A file that lies in the lake: its place, its bytes, and when it was written last."""

    uri: str
    bytes: int
    at: datetime


@dataclass(frozen=True)
class Lake:
    """The files under ``root``, for their owner alone (mode 0600)."""

    root: Path

    def put_frame(self, frame: pl.DataFrame, *folder: str, by: Sequence[str] = ()) -> Stored:
        """Store rows as Parquet. Equal rows in any order give equal bytes: they are sorted ``by``, then by the rest.

        Raises
        ------
        ServiceUnavailable
            The disk is full; nothing is left behind.
        """
        return self.put_lazy(ordered(frame, by).lazy(), frame.height, *folder)

    def put_lazy(self, rows: pl.LazyFrame, height: int, *folder: str, forced: bool = True) -> Stored:
        """Store ``height`` rows as Parquet in the order in which they come, streaming: memory does not grow with them.

        Polars writes the same bytes for the same rows, however they were chunked and on however many threads. What is
        not ``forced`` to the disk may be half a file after the power failed; its name tells.
        """
        with self._unfinished(folder, ".parquet", forced) as file:
            rows.sink_parquet(
                cast(IO[bytes], file),
                compression="zstd",
                compression_level=3,
                statistics=True,
                row_group_size=ROWS_PER_GROUP,
            )
        return Stored(file.uri, file.fingerprint, height)

    def put_bytes(self, data: bytes, *folder: str, suffix: str) -> Stored:
        """Store bytes, for example a report; ``suffix`` (with its dot) ends the name."""
        with self._unfinished(folder, suffix) as file:
            file.write(data)
        return Stored(file.uri, file.fingerprint)

    def once(self, make: Callable[[], pl.DataFrame], *folder: str) -> pl.DataFrame:
        """Rows that can be made again: made by the first who asks, from then on read from a folder of their own.

        A file that is damaged is made again, and the log says so.
        """
        for uri in self.within(*folder):
            try:
                return self.read([uri])
            except DataError as error:
                logging.getLogger(__name__).warning("%s; it is made again", error)
        made = make()
        self.put_lazy(made.lazy(), made.height, *folder, forced=False)
        return made

    def path(self, uri: str) -> Path:
        """Where ``uri`` lies on this machine.

        Raises
        ------
        DataError
            It does not lie in the lake.
        """
        parts = PurePosixPath(uri).parts
        if not parts or ".." in parts or PurePosixPath(uri).is_absolute():
            raise DataError(f"{uri!r} does not lie in the lake {self.root}")
        return self.root / uri

    def read_bytes(self, uri: str, verify: bool = True) -> bytes:
        """The bytes of a file.

        Raises
        ------
        DataError
            The file is not there, or its content is no longer what its name says.
        """
        try:
            data = self.path(uri).read_bytes()
        except FileNotFoundError as error:
            raise DataError(
                f"{uri} is not in the lake {self.root}; restore it from a backup, or pull the day again"
            ) from error
        if verify:
            self._verify(uri, hashlib.sha256(data).hexdigest())
        return data

    def read(self, uris: Iterable[str], columns: Sequence[str] | None = None, verify: bool = True) -> pl.DataFrame:
        """The rows of several Parquet files, one after the other; a column that a file lacks is null there."""
        wanted = None if columns is None else list(columns)
        files = (io.BytesIO(self.read_bytes(uri, verify)) for uri in uris)
        return together([_columns(file, wanted) for file in files])

    def within(self, *folder: str) -> list[str]:
        """The files of a folder, by name; none where there is no such folder."""
        inside = "/".join(folder)
        return sorted(f"{inside}/{file.name}" for file in self.path(inside).glob("*"))

    def verify(self, uri: str) -> Path:
        """The path of a file whose content is still what its name says; read in pieces, so of any size."""
        path = self.path(uri)
        try:
            with path.open("rb") as file:
                self._verify(uri, hashlib.file_digest(file, "sha256").hexdigest())
        except FileNotFoundError as error:
            raise DataError(f"{uri} is not in the lake {self.root}; restore it from a backup") from error
        return path

    def everything(self, *folder: str) -> Iterator[Found]:
        """Every file below a folder, by name; none where there is no such folder."""
        inside = self.path("/".join(folder))
        for path in sorted(inside.rglob("*")):
            if path.is_file():
                known = path.stat()
                at = datetime.fromtimestamp(known.st_mtime, UTC)
                yield Found(path.relative_to(self.root).as_posix(), known.st_size, at)

    def remove(self, uri: str, written: datetime) -> bool:
        """Remove a file, unless it was written anew after ``written``: then it stays, and the answer is False.

        It is put aside first and looked at there, so that a writer of the same content is never undone.
        """
        path, aside = self.path(uri), self.path(_UNFINISHED) / uuid4().hex
        self._make(aside.parent)
        try:
            path.rename(aside)
        except FileNotFoundError:
            return True
        if _written(aside) > written.timestamp() + _CLOCK_SECONDS:
            aside.replace(path)
            return False
        aside.unlink(missing_ok=True)
        return True

    def sweep(self, older_than: float = _ABANDONED_SECONDS) -> int:
        """Remove what killed writers left more than ``older_than`` seconds ago; gives the number of files."""
        limit = time.time() - older_than
        left = [path for path in (self.root / _UNFINISHED).glob("*") if _written(path) < limit]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    def _verify(self, uri: str, found: str) -> None:
        expected = PurePosixPath(uri).stem
        if not found.startswith(expected):
            raise DataError(
                f"{uri} in the lake {self.root} is damaged: its sha256 is {found[:_NAME_DIGITS]}, not {expected}; "
                "restore it from a backup, or pull the day again"
            )

    @contextmanager
    def _unfinished(self, folder: Sequence[str], suffix: str, forced: bool = True) -> Iterator[_Digesting]:
        """A new file that enters the lake under the name of its content when the block ends well."""
        unfinished = self.path(_UNFINISHED) / uuid4().hex
        file: _Digesting | None = None
        try:
            self._make(unfinished.parent)
            self.sweep()
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
                file = _Digesting(raw)
                yield file
                raw.flush()
                if forced:
                    os.fsync(raw.fileno())
            self._enter(unfinished, file, folder, suffix, forced)
        except Exception as error:
            sentence = self._sentence((file and file.failure) or error)
            if sentence is None:
                raise
            raise sentence from error
        finally:
            if file:
                unfinished.unlink(missing_ok=True)

    def _enter(self, unfinished: Path, file: _Digesting, folder: Sequence[str], suffix: str, forced: bool) -> None:
        file.uri = f"{'/'.join(folder)}/{file.fingerprint[:_NAME_DIGITS]}{suffix}"
        target = self.path(file.uri)
        self._make(target.parent, forced)
        unfinished.replace(target)
        if forced:
            _sync(target.parent)

    def _make(self, folder: Path, forced: bool = True) -> None:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):
            path.mkdir(mode=0o700, exist_ok=True)
            if forced:
                _sync(path.parent)

    def _sentence(self, error: Exception) -> ServiceUnavailable | ConfigError | None:
        """What to say of a failed write: a sentence for a disk that is full or closed, None for anything else."""
        code = error.errno if isinstance(error, OSError) else None
        if code in _FULL:
            return ServiceUnavailable(
                f"the disk of the lake {self.root} is full ({os.strerror(code)}); the file that was being written is "
                "removed, nothing else changed; make room and run again"
            )
        if code in _REFUSED:
            return ConfigError(f"the lake {self.root} cannot be written to: {os.strerror(code)}")
        return None


class _Digesting(io.RawIOBase):
    """A file that counts its sha256 as it is written, and remembers why a write failed.

    Polars turns an OSError of a file into a ComputeError without cause or number; here the number survives.
    """

    uri = ""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw, self._digest = raw, hashlib.sha256()
        self.failure: OSError | None = None

    @property
    def fingerprint(self) -> str:
        return self._digest.hexdigest()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        try:
            written = self._raw.write(data)
        except OSError as error:
            self.failure = error
            raise
        self._digest.update(data)
        return written


def split_days(frames: Iterable[pl.DataFrame], event_time: str, span: Span) -> Iterator[tuple[date, pl.DataFrame]]:
    """The rows of each day of the span that has any, in order of days, from chunks in any order; one pass over them."""
    import polars as pl

    parts: dict[date, list[pl.DataFrame]] = {}
    for frame in frames:
        days = frame[event_time].cast(pl.Date).alias("__day")
        split = frame.with_columns(days).partition_by("__day", as_dict=True, include_key=False)
        for (day,), rows in split.items():
            parts.setdefault(day, []).append(rows)
    for day in span:
        if day in parts:
            yield day, together(parts.pop(day))


def ordered(frame: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """The rows in the order in which the lake stores them, whatever order they came in."""
    plain = [column for column, dtype in frame.schema.items() if not dtype.is_nested()]
    order = list(dict.fromkeys([*by, *plain]))
    return frame.sort(order, maintain_order=True) if order else frame


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _columns(file: io.BytesIO, wanted: list[str] | None) -> pl.DataFrame:
    """Those of the columns that a file has."""
    import polars as pl

    there = wanted and [name for name in wanted if name in pl.read_parquet_schema(file)]
    file.seek(0)
    return pl.read_parquet(file, columns=there)
