"""``nightshift reproduce``: a training of the past done again, and compared to the bit."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from ml.commands.terminal import Apart, Json, answer, open_workspace

if TYPE_CHECKING:
    from ml.reproduction import Reproduction
    from ml.workspace import Workspace

Which = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="An MLflow run id, or PIPELINE@VERSION, or PIPELINE@production.",
        show_default=False,
    ),
]

Locked = Annotated[
    bool, typer.Option("--environment", help="In the environment of the training, built anew: its lock, its commit.")
]
Where = Annotated[
    Path | None,
    typer.Option("--in", help="Build that environment in this folder and leave it there for the next time."),
]


def reproduce(
    which: Which, environment: Locked = False, folder: Where = None, workspace: Apart = None, as_json: Json = False
) -> None:
    """Fit both models of a training again, from its snapshot and under the conditions that it noted; compare digests.

    Exit code 0 says that both came out to the bit, 1 that one did not: the report names what differs.
    """
    asked = "OMP_NUM_THREADS" in os.environ
    place = open_workspace(workspace)
    if not asked:
        os.environ.pop("OMP_NUM_THREADS", None)  # the training's own number, rather than that of fits in a terminal
    found = _locked(place, which, folder) if environment or folder else _here(place, which)
    answer(as_json, found.as_json(), list(found.lines()))
    raise typer.Exit(0 if found.identical else 1)


def _here(place: Workspace, which: str) -> Reproduction:
    from ml.reproduction import reproduce

    return reproduce(place, which)


def _locked(place: Workspace, which: str, folder: Path | None) -> Reproduction:
    from ml.reproduction import reproduce_locked

    with TemporaryDirectory() as temporary:
        return reproduce_locked(place, which, (folder or Path(temporary)).resolve())
