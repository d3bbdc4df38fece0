"""``nightshift performance``: how versions really did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ml.commands.terminal import Apart, Json, Pipeline, answer, open_workspace
from ml.errors import NoData

if TYPE_CHECKING:
    from ml.truth.foretold import Told


def performance(
    pipeline: Pipeline,
    days: Annotated[int, typer.Option("--days", min=1, help="So many of the newest days, in lines.")] = 14,
    picture: Annotated[
        Path | None, typer.Option("--picture", metavar="FILE.png", help="Draw estimated and realised performance.")
    ] = None,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """How well versions really did, by day and slice, when labels come, and what is expected of days without them."""
    from ml.config import find_pipeline
    from ml.truth import foretold
    from ml.truth.report import Report
    from ml.workspace import Run

    place = open_workspace(workspace)
    config = find_pipeline(place.pipelines, pipeline)
    found = Report.of(place.ledger, config.name, days)
    told = foretold.told(Run(config, found.newest.day, place)) if found.newest else []
    if picture is not None:
        _draw(told, picture)
    estimates = [{**each.model_dump(mode="json"), "realised": foretold.came(each, real)} for each, real in told]
    answer(as_json, found.as_json() | {"estimated": estimates}, [*found.lines(), *foretold.lines(told)])


def _draw(told: Told, file: Path) -> None:
    from ml.figures import png
    from ml.truth import foretold

    if not told:
        raise NoData("nothing was predicted yet whose performance could be drawn")
    file.write_bytes(png(foretold.drawn(told)))
