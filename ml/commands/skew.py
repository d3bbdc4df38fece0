"""``nightshift skew``: were models given the features that training sees?"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from ml.commands.terminal import Apart, Json, Pipeline, answer, open_workspace


def skew(
    pipeline: Pipeline,
    first: Annotated[str | None, typer.Option("--from", metavar="DAY", help="The first data day.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help="The last; without it today.")] = None,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """Compute the features of logged predictions again, and compare them to the last digit; exit code 3 if any differ.

    Features of the past are made again from the lake for the table that served; what a request carried is compared with
    the row that the night pulled. Without days the newest seven are looked at.
    """
    from ml import skew as skews
    from ml.config import find_pipeline
    from ml.days import Span, parse_day
    from ml.workspace import Run

    place = open_workspace(workspace)
    config = find_pipeline(place.pipelines, pipeline)
    end = parse_day(last) if last else datetime.now(UTC).date()
    span = Span(parse_day(first), end) if first else Span.ending(end, 7)
    found = skews.compare(Run(config, end, place), span)
    document = {"pipeline": config.name, "from": str(span.first), "to": str(span.last)}
    lines = [skews.sentence(each) for each in found] or [f"no online prediction of {span} was kept with its features"]
    answer(as_json, document | {"features": [asdict(each) for each in found]}, [f"{config.name} {span}:", *lines])
    if any(each.differ for each in found):
        raise typer.Exit(3)
