"""Which code ran."""

import os
import subprocess
from functools import cache
from pathlib import Path


@cache
def code_version() -> str:
    """The commit of this checkout, ``-dirty`` when tracked files differ from it; else the version of the package.

    NIGHTSHIFT_CODE_VERSION overrides it, for an image without a checkout.
    """
    return os.environ.get("NIGHTSHIFT_CODE_VERSION", "")[:80] or _commit(Path(__file__).parents[2]) or _package()


def _commit(checkout: Path) -> str | None:
    # in another project's checkout, say as a package in its environment, that project's commit is not ours
    if not (checkout / ".git").exists():
        return None
    commit = _git(checkout, "rev-parse", "HEAD")
    changes = _git(checkout, "status", "--porcelain", "--untracked-files=no")
    return commit and commit + ("-dirty" if changes else "")


def _git(checkout: Path, *words: str) -> str | None:
    command = ["git", "--no-optional-locks", "-C", str(checkout), *words]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None  # no git, or a checkout of another user: the ledger then names the package's version


def _package() -> str:
    from ml import __version__

    return __version__
