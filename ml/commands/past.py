"""``nightshift who-served``, ``history``: what the ledger remembers, without MLflow and without the lake."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ml.commands.terminal import Apart, Json, Pipeline, answer, open_workspace

At = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="TIME",
        help="2013-06-01T08:30:00+02:00, or without the zone in the pipeline's; a day alone means all of it; "
        "without it now.",
    ),
]


def who_served(pipeline: Pipeline, at: At = None, workspace: Apart = None, as_json: Json = False) -> None:
    """Which version was in Production then, since when, until when, how it came there, and from which rows it is."""
    from ml import tenures
    from ml.config import find_pipeline

    place = open_workspace(workspace)
    config = find_pipeline(place.pipelines, pipeline)
    when = _when(at, config.schedule.timezone)
    found = tenures.at(place.ledger, config.name, when)
    document = {
        "pipeline": config.name,
        "asked": when.said,
        "from": when.start.isoformat(),
        "to": when.end.isoformat() if when.end else None,
        "served": [tenure.as_json() for tenure in found],
    }
    told = [line for tenure in found for line in tenure.lines()] or [tenures.nobody(place.ledger, config.name)]
    answer(as_json, document, [f"{config.name} {when.said}:", *told])


def history(pipeline: Pipeline, workspace: Apart = None, as_json: Json = False) -> None:
    """What happened to a pipeline: each night's decision and promotion, and what people did in between."""
    from ml import timeline
    from ml.config import find_pipeline

    place = open_workspace(workspace)
    past = timeline.of(place.ledger, find_pipeline(place.pipelines, pipeline).name)
    answer(as_json, past.as_json(), list(past.lines()))


def _when(at: str | None, timezone: str) -> Any:
    from datetime import UTC, datetime

    from ml.moments import When

    now = datetime.now(UTC)
    return When(now, None, "now") if at is None else When.parse(at, timezone, now)
