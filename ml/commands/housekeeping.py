"""``nightshift housekeeping``: what retention does not keep, shown or removed."""

from __future__ import annotations

from typing import Annotated

import typer

from ml.commands.terminal import Apart, Json, answer, open_workspace, user


def housekeeping(
    pipeline: Annotated[str | None, typer.Argument(help="Its name; without one all are tidied.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would go, why, and how much it frees.")
    ] = False,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """Remove what the `retention` of a pipeline does not keep; what serves, and the rows of the days, never."""
    from ml.config import find_pipeline, load_pipelines
    from ml.housekeeping import tidy

    place = open_workspace(workspace)
    names = [find_pipeline(place.pipelines, pipeline).name] if pipeline else sorted(load_pipelines(place.pipelines))
    found = [tidy(place, name, user(), dry_run) for name in names]
    document = {"pipelines": [one.as_json() for one in found], "bytes": sum(one.bytes for one in found)}
    answer(as_json, document, [line for one in found for line in one.lines()])
