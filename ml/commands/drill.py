"""``nightshift drill``: damage copies of clean days, and see what the contract makes of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from ml.commands.terminal import Apart, Json, Pipeline, answer, data_day, open_workspace, told

First = Annotated[str | None, typer.Option("--from", help="Read the days from the source, from this one on.")]
Last = Annotated[str | None, typer.Option("--to", help="The last of those days; without it the newest whole one.")]


def drill(
    pipeline: Pipeline,
    first: First = None,
    last: Last = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days each fault is injected into.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Another seed strikes other columns and rows.")] = 0,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """Inject every fault into copies of clean days, and show which the contract catches; nothing is written."""
    from ml import drilling

    place = open_workspace(workspace)
    run = place.run(pipeline, data_day(place, pipeline, last))
    report = drilling.drill(_bench(run, first), days, seed, told(as_json))
    answer(as_json, report.as_json(), list(report.lines()))


def _bench(run: Any, first: str | None) -> Any:
    from ml.days import Span, parse_day
    from ml.drilling import Bench
    from ml.errors import ConfigError

    if first is None:
        return Bench.of_lake(run)
    begins: date = parse_day(first)
    if begins > run.day:
        raise ConfigError(f"--from {begins} is after --to {run.day}")
    return Bench.of_source(run, Span(begins, run.day))
