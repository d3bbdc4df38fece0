"""``nightshift approve``, ``reject``, ``rollback``, ``reconcile``: what enters Production and what goes back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ml.commands.terminal import Apart, Json, Pipeline, open_workspace, user
from ml.commands.walk import Walk
from ml.records import Answer, RollbackRequest

Why = Annotated[
    str, typer.Option("--why", help="The reason; it stands in the ledger and in the mail.", show_default=False)
]


Version = Annotated[int | None, typer.Option("--version", min=1, help="The version; without it the one that waits.")]


def approve(
    pipeline: Pipeline, why: Why, version: Version = None, workspace: Apart = None, as_json: Json = False
) -> None:
    """Let a version that waits into Production: the rest of its retrain line is walked here."""
    _answer(pipeline, version, "approved", why, workspace, as_json)


def reject(
    pipeline: Pipeline, why: Why, version: Version = None, workspace: Apart = None, as_json: Json = False
) -> None:
    """Keep a version that waits out of Production: it is archived, with the reason."""
    _answer(pipeline, version, "rejected", why, workspace, as_json)


def _answer(pipeline: str, version: int | None, given: Answer, why: str, workspace: Path | None, as_json: bool) -> None:
    from ml import approvals
    from ml.config import find_pipeline
    from ml.walker import resume

    place = open_workspace(workspace)
    question = approvals.waiting(place, find_pipeline(place.pipelines, pipeline).name, version)
    walk = Walk(place.run(pipeline, question.day), as_json)
    approvals.answer(walk.run, question, given, user(), why)
    resume(walk.do, "approve")
    walk.close()


def rollback(
    pipeline: Pipeline,
    why: Why,
    to: Annotated[int | None, typer.Option("--to", min=1, help="The version; without it the one before.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Also a version that was never in Production.")] = False,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """Put an earlier version back into Production, in seconds; a repetition changes nothing."""
    from ml import lines

    walk = Walk.newest(open_workspace(workspace), pipeline, as_json)
    request = RollbackRequest(pipeline=walk.run.name, day=walk.run.day, to=to, why=why, by=user(), force=force)
    lines.rollback(walk.do, request)
    walk.close()


def reconcile(
    pipeline: Annotated[str | None, typer.Argument(help="Its name; without one all are looked at.")] = None,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """Find what somebody changed in MLflow past the gates; adopt it or put it back, as the YAML says, and mail it."""
    from ml import lines
    from ml.config import load_pipelines

    place = open_workspace(workspace)
    for name in [pipeline] if pipeline else sorted(load_pipelines(place.pipelines)):
        walk = Walk.newest(place, name, as_json)
        lines.reconcile(walk.do)
        walk.close()
