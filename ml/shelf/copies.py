"""Copies of versions on this machine's disk, so that a service outlives MLflow, and its own restart without MLflow.

    <folder>/<version>/…              the model's files as the registry keeps them, copy.json: what they are, and the
                                      compiled model, where there is one
    <folder>/standing.json            which versions stand on the shelf, and since when each served
    <folder>/.unfinished/…            written, but not yet renamed

A copy is written under ``.unfinished``, forced to the disk and renamed: it is there as a whole or not at all. Its
digests tell damage; whoever can write the folder can write them too, so it belongs to the service's user alone, and
what is opened is a skops file with trusted types, never a pickle.
"""

import hashlib
import json
import logging
import os
import shutil
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from ml.compiled import FILE
from ml.errors import ServiceUnavailable, TrainingError

KEPT = 5  # a few megabytes each
_ABANDONED_SECONDS = 3600
_ABOUT, _STANDING, _UNFINISHED = "copy.json", "standing.json", ".unfinished"


@dataclass(frozen=True)
class Copy:
    """The files of a version: their folder, the MLflow run that made them, and where its compiled model is, if any."""

    version: int
    run_id: str
    folder: Path
    compiled: Path


@dataclass(frozen=True)
class Placed:
    """A version that stands in a slot, and since when it serves."""

    version: int
    since: datetime


Fetch = Callable[[int, Path], Copy]


@dataclass(frozen=True)
class Copies:
    """The copies of one pipeline's versions under ``folder``.

    ``run_of`` asks MLflow which run made a version, None when nobody knows. Numbers begin anew when somebody deletes
    the registered model, or MLflow's database: a copy of another run is of another version.
    """

    pipeline: str
    folder: Path
    run_of: Callable[[int], str | None] = lambda version: None

    def get(self, version: int, fetch: Fetch) -> Copy:
        """A whole copy of a version: the one that is here, or else what ``fetch`` brings into the folder it is given.

        Raises
        ------
        TrainingError
            ``fetch`` refuses the version.
        ServiceUnavailable
            It is not here, and MLflow did not answer ``fetch``.
        """
        try:
            copy = self.here(version)
            if copy is not None and self._outlived(copy):
                raise Damaged(
                    f"the copy of {self.pipeline} version {version} on this machine is of the run {copy.run_id}, and "
                    "MLflow's version is of another"
                )
            return copy or self._put(version, fetch)
        except Damaged as error:
            logging.getLogger(__name__).warning("%s; it is fetched again", error)
            shutil.rmtree(self.folder / str(version), ignore_errors=True)
            return self._put(version, fetch)

    def another(self, version: int, run_id: str) -> bool:
        """Whether MLflow says that another run than this made the version; raises ServiceUnavailable if it is away."""
        made_by = self.run_of(version)
        return made_by is not None and made_by != run_id

    def _outlived(self, copy: Copy) -> bool:
        """Whether the copy's number is another model's by now; while MLflow is away, a copy is as good as ever."""
        try:
            return self.another(copy.version, copy.run_id)
        except ServiceUnavailable:
            return False

    def here(self, version: int) -> Copy | None:
        """The copy of a version, every file of it as it was fetched; None when there is none.

        Raises
        ------
        Damaged
            A file is not what was fetched, is gone, or is one too many.
        """
        place = self.folder / str(version)
        if not place.is_dir():
            return None
        try:
            about = json.loads((place / _ABOUT).read_text())
            files, copy = about["files"], Copy(version, str(about["run_id"]), place / about["model"], place / FILE)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._damaged(version, f"its {_ABOUT} cannot be read") from error
        found = digests(place)
        if wrong := sorted(name for name in files.keys() | found.keys() if files.get(name) != found.get(name)):
            raise self._damaged(version, f"{', '.join(wrong[:3])} is not as it was fetched")
        return copy

    def _damaged(self, version: int, how: str) -> "Damaged":
        return Damaged(f"the copy of {self.pipeline} version {version} on this machine is damaged: {how}")

    def _put(self, version: int, fetch: Fetch) -> Copy:
        made = self.folder / _UNFINISHED / uuid4().hex
        made.mkdir(parents=True, mode=0o700)
        try:
            copy = fetch(version, made)
            inside = str(copy.folder.relative_to(made))
            about = {"run_id": copy.run_id, "model": inside, "files": digests(made)}
            (made / _ABOUT).write_text(json.dumps(about))
            _force(made)
            self._rename(made, version)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        place = self.folder / str(version)
        return Copy(version, copy.run_id, place / inside, place / FILE)

    def _rename(self, made: Path, version: int) -> None:
        try:
            made.rename(self.folder / str(version))
        except OSError:
            # another process on this machine was first
            if self.here(version) is None:
                raise
        _sync(self.folder)

    def standing(self) -> dict[str, Placed]:
        """The versions by slot as they stood last; nothing when none did, or when the note cannot be read."""
        try:
            noted = json.loads((self.folder / _STANDING).read_text())
            return {
                slot: Placed(int(one["version"]), datetime.fromisoformat(one["since"])) for slot, one in noted.items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def note(self, standing: Mapping[str, Placed]) -> None:
        """Keep which versions stand on the shelf, in one piece."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        noted = {slot: asdict(placed) | {"since": placed.since.isoformat()} for slot, placed in standing.items()}
        made = self.folder / f".{_STANDING}.{uuid4().hex}"
        made.write_text(json.dumps(noted))
        _sync(made)
        made.replace(self.folder / _STANDING)
        _sync(self.folder)

    def prune(self, needed: Collection[int]) -> None:
        """Remove what a killed process left unfinished, and all copies but the needed and the newest, KEPT in all."""
        for left in (self.folder / _UNFINISHED).glob("*"):
            if left.stat().st_mtime < time.time() - _ABANDONED_SECONDS:  # a younger one may be another process' work
                shutil.rmtree(left, ignore_errors=True)
        there = sorted((int(p.name) for p in self.folder.glob("[0-9]*") if p.name.isdecimal()), reverse=True)
        spare = [version for version in there if version not in needed][max(0, KEPT - len(needed)) :]
        for version in spare:
            shutil.rmtree(self.folder / str(version), ignore_errors=True)


class Damaged(TrainingError):
    """A copy on this machine's disk is not what was fetched, or not of the version that has its number by now."""


def digests(place: Path) -> dict[str, str]:
    """The sha256 of every file below a folder but its copy.json, by its path."""
    files = sorted(path for path in place.rglob("*") if path.is_file() and path != place / _ABOUT)
    return {str(path.relative_to(place)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _force(place: Path) -> None:
    """Every file and folder below a folder, forced to the disk."""
    for path in sorted(place.rglob("*"), reverse=True):
        _sync(path)
    _sync(place)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
