"""``nightshift tryout``: how a version does that sees traffic before it may enter Production."""

from __future__ import annotations

from typing import Annotated

import typer

from ml.commands.stages import Version
from ml.commands.terminal import Apart, Json, Pipeline, answer, open_workspace, user
from ml.commands.walk import Walk
from ml.errors import ConfigError

Stop = Annotated[bool, typer.Option("--stop", help="End it: the version is archived, with the reason.")]
Why = Annotated[str | None, typer.Option("--why", help="The reason, for --stop.", show_default=False)]


def tryout(
    pipeline: Pipeline,
    version: Version = None,
    stop: Stop = False,
    why: Why = None,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """Say how a version does that sees traffic; when that has spoken, the rest of its retrain line is walked here."""
    from ml import tryouts
    from ml.config import find_pipeline
    from ml.walker import resume

    if stop and not why:
        raise ConfigError("--stop needs a reason: --why")
    place = open_workspace(workspace)
    found = tryouts.under_way(place, find_pipeline(place.pipelines, pipeline).name, version)
    walk = Walk(place.run(pipeline, found.day), as_json)
    verdict = tryouts.stopped(walk.run, found, user(), str(why)) if stop else tryouts.standing(walk.run, found)
    if verdict is None:
        so_far = tryouts.judge(found, tryouts.pairs(walk.run, found)).sentence
        until = f"{found.deadline:%Y-%m-%d %H:%M} UTC"
        line = f"version {found.version} of {pipeline} sees traffic until {until}; {so_far}"
        answer(as_json, {"tryout": found.model_dump(mode="json"), "so_far": so_far}, [line])
        return
    if not as_json:
        how = "passed" if verdict.passed else "stopped"
        typer.echo(f"version {found.version} {how} its tryout on {verdict.at:%Y-%m-%d %H:%M} UTC: {verdict.why}")
    resume(walk.do, "try_out")
    walk.close()
