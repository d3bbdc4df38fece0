"""What was predicted, on this machine's disk before anybody is answered.

    <folder>/owner                 held by the one process that writes here
    <folder>/000000000017.jsonl    a segment: lines that are only ever appended

``append`` is one write to the newest segment. The kernel has it then: it survives this process being killed in any
way. A thread forces it to the disk once a second: when the machine loses power, at most the last second is lost.
"""

import errno
import fcntl
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from ml.errors import ServiceUnavailable
from ml.predictions.bundle import Bundle
from ml.predictions.folder import SUFFIX, Folder
from ml.predictions.segment import encode
from ml.records import Prediction

SYNC_SECONDS = 1.0
SEGMENT_BYTES = 8 << 20
LIMIT_BYTES = 1 << 30
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Spool(Folder):
    """The predictions of one service that the ledger does not have yet; ``append`` may be called from any thread.

    ``limit`` bounds what lies here, in bytes, while the ledger is away; ``segment`` is the size at which the next
    segment begins.

    Raises
    ------
    ServiceUnavailable
        Another process writes to this folder; the sentence says which.
    """

    def __init__(self, folder: Path, limit: int = LIMIT_BYTES, segment: int = SEGMENT_BYTES) -> None:
        super().__init__(folder)
        self.limit, self.segment = limit, segment
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._owner = _own(folder)
        self._lock, self._syncing, self._stop = threading.Lock(), threading.Lock(), threading.Event()
        self._number = max((int(path.stem) for path in self.segments()), default=0)
        self._held = sum(path.stat().st_size for path in self.segments())
        self._size, self._dirty, self._fresh, self._old = 0, False, False, list[int]()
        self._failure: str | None = None
        self._path, self._file = self._next()
        self._thread = threading.Thread(target=self._keep_syncing, name="spool", daemon=True)
        self._thread.start()

    @property
    def held(self) -> int:
        """The bytes that lie here now."""
        return self._held

    def append(self, said: Sequence[Prediction | Bundle]) -> None:
        """Keep these predictions; when it returns, they outlive this process.

        Raises
        ------
        ServiceUnavailable
            The spool or the disk is full, or the disk failed: nothing of them is kept, and nobody may be answered.
        """
        data = encode(said)
        if not data:
            return
        with self._lock:
            self._make_room(len(data))
            self._write(data)

    def sealed(self) -> list[Path]:
        """The segments that nothing is written to any more, oldest first."""
        with self._lock:
            current = self._path
        return [path for path in self.segments() if path != current]

    def seal(self) -> None:
        """End the newest segment, so that it can be shipped; an empty one stays."""
        with self._lock:
            if self._size:
                self._begin()

    def recount(self) -> None:
        """Look how much lies here: another process may have taken segments away."""
        sizes = [path.stat().st_size for path in self.segments() if path.exists()]
        with self._lock:
            self._held = sum(sizes)

    def remove(self, path: Path) -> None:
        """Take away a sealed segment whose predictions are elsewhere now."""
        size = path.stat().st_size
        super().remove(path)
        with self._lock:
            self._held -= size

    def set_aside(self, path: Path) -> Path:
        """Keep a damaged segment under another name, for a person; gives where it lies."""
        size, aside = path.stat().st_size, super().set_aside(path)
        with self._lock:
            self._held -= size
        return aside

    def sync(self) -> None:
        """Force what was appended to the disk."""
        with self._syncing:
            with self._lock:
                files = [*self._old, *([self._file] if self._dirty else [])]
                old, fresh = self._old, self._fresh
                self._old, self._dirty, self._fresh = [], False, False
            for file in files:
                os.fdatasync(file)
            for file in old:
                os.close(file)
            if fresh:
                _sync_names(self.folder)

    def close(self) -> None:
        """Force everything to the disk and leave the folder to the next owner."""
        self._stop.set()
        self._thread.join()
        with self._lock:
            self._old.append(self._file)
            self._dirty = False
        self.sync()
        os.close(self._owner)

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _begin(self) -> None:
        self._old.append(self._file)
        self._size, (self._path, self._file) = 0, self._next()

    def _next(self) -> tuple[Path, int]:
        self._number += 1
        self._fresh = True
        path = self.folder / f"{self._number:012d}{SUFFIX}"
        return path, os.open(path, _NEW, 0o600)

    def _make_room(self, more: int) -> None:
        if self._failure:
            raise ServiceUnavailable(self._failure)
        if self._held + more > self.limit:
            raise ServiceUnavailable(
                f"the spool {self.folder} holds {self._held:,} bytes of predictions that the ledger has not taken "
                f"(limit {self.limit:,}): nothing more is predicted until it takes them"
            )
        if self._size and self._size + more > self.segment:
            self._begin()

    def _write(self, data: bytes) -> None:
        try:
            written = os.write(self._file, data)
            if written < len(data):
                os.ftruncate(self._file, self._size)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            if error.errno not in _FULL:
                raise
            raise ServiceUnavailable(f"the disk of the spool {self.folder} is full: nothing is predicted") from error
        self._size += written
        self._held += written
        self._dirty = True

    def _keep_syncing(self) -> None:
        while not self._stop.wait(SYNC_SECONDS):
            try:
                self.sync()
            except OSError as error:
                # after a failed sync the kernel may have dropped the pages: nobody can say what is on the disk
                self._failure = f"the disk of the spool {self.folder} failed ({error.strerror}): nothing is predicted"
                return


def _sync_names(folder: Path) -> None:
    names = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(names)
    finally:
        os.close(names)


def _own(folder: Path) -> int:
    file = os.open(folder / "owner", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(file, 200, 0).decode(errors="replace").strip() or "another process"
        os.close(file)
        raise ServiceUnavailable(f"the spool {folder} belongs to {holder}: a service has a spool of its own") from error
    os.ftruncate(file, 0)
    os.pwrite(file, f"pid {os.getpid()}".encode(), 0)
    return file
