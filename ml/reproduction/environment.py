"""The environment of a training built anew: its locked libraries in a venv, its commit's code beside it.

    DIR/venv               a Python of the same minor version with the recorded requirements.lock, by hashes
    DIR/code               ml/ as it was at the recorded commit
    DIR/requirements.lock  the lock's text, as the lake kept it; a copy lies beside the code, where it always was

The text of the lock comes from the lake and not from git: it is then verified by its digest, and there also when the
code ran without a checkout. The code comes from git, by its commit, and is compared with the digest that was noted, so
that a tree with changes that were never committed is found out.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml import conditions
from ml.errors import ConfigError, NoData, ServiceUnavailable
from ml.reproduction.origin import Origin, find
from ml.reproduction.rebuild import Interpreter
from ml.reproduction.reproduce import redo, verify

if TYPE_CHECKING:
    from ml.conditions import Conditions
    from ml.lake import Lake
    from ml.reproduction.report import Reproduction
    from ml.workspace import Workspace

CHECKOUT = Path(__file__).parents[2]


def reproduce_locked(place: Workspace, which: str, directory: Path, checkout: Path = CHECKOUT) -> Reproduction:
    """The training that ``which`` names, done again in the environment that it ran in, built in ``directory``.

    An environment that is there already and belongs to the same lock and commit is used as it is.

    Raises
    ------
    NoData
        There is no such training, or it noted no lock or no commit.
    ConfigError
        The commit is not in this checkout, its Python is not on this machine, or ``directory`` holds other things.
    ServiceUnavailable
        The libraries could not be installed.
    """
    return redo_locked(place, find(place, which), directory, checkout)


def redo_locked(place: Workspace, origin: Origin, directory: Path, checkout: Path) -> Reproduction:
    """As ``reproduce_locked``, for a training that is known."""
    verify(place, origin)
    noted = origin.models[-1].conditions
    _one_environment(origin)
    code, notes = checked_out(noted, checkout, directory)
    python = installed(place.lake, noted, directory)
    shutil.copy(directory / "requirements.lock", code)
    interpreter = Interpreter(python, code, _commit(noted))
    return redo(place, origin, interpreter, f"in the environment of its lock, built in {directory}", notes)


def _one_environment(origin: Origin) -> None:
    """Nothing, if all models of the training ran in the same environment."""
    kinds = {(m.conditions.lock_sha256, _commit(m.conditions), m.conditions.python) for m in origin.models}
    if len(kinds) > 1:
        raise ConfigError(
            f"the models of run {origin.run_id} were fitted in {len(kinds)} environments (an upgrade came between); "
            "`nightshift reproduce` without --environment names what differs"
        )


def _commit(noted: Conditions) -> str:
    return noted.code_version.removesuffix("-dirty")


def checked_out(noted: Conditions, checkout: Path, directory: Path) -> tuple[Path, tuple[str, ...]]:
    """The code of the noted commit in ``directory``, and what a reader must know if it is not what ran.

    Raises
    ------
    NoData
        The training noted no commit.
    ConfigError
        This checkout does not have the commit, or there is no git.
    """
    commit, code = _commit(noted), directory / "code"
    if not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", commit):
        raise NoData(
            f"the training ran as version {noted.code_version!r}, which is no commit; its code cannot be built"
        )
    shutil.rmtree(code, ignore_errors=True)
    code.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(_archive(checkout, commit))) as archive:
        # before 3.11.4 Python knows no filter
        known: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(code, **known)  # noqa: S202  it is what git made of a commit of ours
    if conditions.code_digest(code / "ml") == noted.code_sha256:
        return code, ()
    dirty = " and its tree had changes that were not committed" if noted.code_version.endswith("-dirty") else ""
    return code, (f"the files of ml at commit {commit[:12]} are not those that ran{dirty}",)


def _archive(checkout: Path, commit: str) -> bytes:
    command = ["git", "-C", str(checkout), "archive", "--format=tar", commit, "--", "ml"]
    try:
        return subprocess.run(command, capture_output=True, check=True, timeout=120).stdout
    except FileNotFoundError as error:
        raise ConfigError("there is no git on this machine; it gives the code of a commit") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        raise ConfigError(
            f"the checkout {checkout} does not have commit {commit} ({said[-1] if said else 'git said nothing'}); "
            "fetch it, and run again"
        ) from error


def installed(lake: Lake, noted: Conditions, directory: Path) -> Path:
    """The Python of a venv in ``directory`` with the noted lock in it; made at the first call.

    Raises
    ------
    NoData
        The training ran without a lock.
    ConfigError
        There is no such Python here.
    ServiceUnavailable
        The libraries could not be installed.
    """
    if noted.lock is None:
        raise NoData("the training ran without a requirements.lock; its environment cannot be built")
    lock, python, mark = directory / "requirements.lock", directory / "venv" / "bin" / "python", directory / "built"
    belongs = f"{noted.lock_sha256} {_minor(noted)}\n"
    if mark.is_file() and mark.read_text() == belongs and python.exists():
        return python
    mark.unlink(missing_ok=True)
    lock.write_bytes(lake.read_bytes(noted.lock))
    _run(_make_venv(noted, directory / "venv"), f"no environment of Python {_minor(noted)} could be made", ConfigError)
    _run(_install(python, lock), "the locked libraries could not be installed", ServiceUnavailable)
    mark.write_text(belongs)
    return python


def _minor(noted: Conditions) -> str:
    return ".".join(noted.python.split()[-1].split(".")[:2])


def _uv() -> str | None:
    return shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")


def _make_venv(noted: Conditions, venv: Path) -> list[str]:
    ours = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if uv := _uv():
        wanted = sys.executable if _minor(noted) == ours else _minor(noted)
        return [uv, "venv", "--quiet", "--clear", "--python", wanted, str(venv)]
    python = sys.executable if _minor(noted) == ours else f"python{_minor(noted)}"
    return [python, "-m", "venv", "--clear", str(venv)]


def _install(python: Path, lock: Path) -> list[str]:
    words = ["--require-hashes", "--no-deps", "--quiet", "-r", str(lock)]
    if uv := _uv():
        return [uv, "pip", "install", "--python", str(python), *words]
    return [str(python), "-m", "pip", "install", "--disable-pip-version-check", *words]


def _run(command: list[str], what: str, kind: type[ConfigError | ServiceUnavailable]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise kind(f"{what}: there is no {command[0]}") from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout).strip().splitlines()
        raise kind(f"{what}: {' '.join(said[-3:]) or f'exit code {error.returncode}'}") from error
