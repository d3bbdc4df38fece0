"""The first nights of ``tiny``, walked once a session and put back for each test that wants them."""

import shutil
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from ml import lines
from ml.walker import InProcess
from ml.workspace import Workspace
from tests.tiny import write

FIRST = date(2013, 6, 1)


class Nights:
    """A workspace ``apart`` below a folder, beside it the pipeline's files, and a copy of both after each night.

    MLflow keeps absolute paths, so the workspace stays put and is put back in place. Each night promoted a version.
    """

    def __init__(self, folder: Path, empty_mlflow: Path) -> None:
        self.folder, self.apart, self.tiny, self.walked = folder, folder / "apart", folder / "tiny", 0
        write(self.tiny)
        self.apart.mkdir()
        shutil.copy(empty_mlflow, self.apart / "mlflow.db")

    def copy(self, count: int) -> Path:
        """The copy after so many nights, ``apart`` and ``tiny``: read it only."""
        while self.walked < count:
            self._walk_one_more()
        return self.folder / f"after_{count}"

    def after(self, count: int) -> Workspace:
        """The workspace as so many nights left it; a test may damage it, and change the YAML and the data."""
        kept = self.copy(count)
        _put_back(kept / "tiny", self.tiny)
        _put_back(kept / "apart", self.apart)
        return self._workspace()

    def _walk_one_more(self) -> None:
        place = self.after(self.walked) if self.walked else self._workspace()
        do = InProcess(place.run("tiny", FIRST + timedelta(days=self.walked)))
        assert lines.retrain(do, lines.nightly(do)) is not None
        self.walked += 1
        kept = self.folder / f"after_{self.walked}"
        shutil.copytree(self.apart, kept / "apart", ignore=shutil.ignore_patterns("*.db*"))
        for file in self.apart.glob("*.db"):
            copy_database(file, kept / "apart" / file.name)
        shutil.copytree(self.tiny, kept / "tiny")

    def _workspace(self) -> Workspace:
        return Workspace.apart(self.apart, self.tiny / "config")


def _put_back(kept: Path, used: Path) -> None:
    for folder in (path for path in used.iterdir() if path.is_dir()):
        shutil.rmtree(folder)
    for path in kept.iterdir():
        if path.is_dir():
            shutil.copytree(path, used / path.name)
        else:
            copy_database(path, used / path.name)


def copy_database(file: Path, other: Path) -> None:
    """A SQLite file that may be open, with what is still in its log."""
    with closing(sqlite3.connect(file)) as whole, closing(sqlite3.connect(other)) as used:
        whole.backup(used)
