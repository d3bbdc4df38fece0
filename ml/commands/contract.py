"""``nightshift contract``: learn a contract from history, and try one on past days."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from ml.commands.terminal import Apart, Json, Pipeline, answer, data_day, group, open_workspace, told

app = group("What a pipeline's rows must look like: learn it from history, and try it on past days.")


@app.command(epilog="Example: `nightshift contract suggest flight_delays`")
def suggest(pipeline: Pipeline, workspace: Apart = None, as_json: Json = False) -> None:
    """Learn a contract from the accepted days of the lake; print YAML, the evidence beside each rule."""
    from ml import suggestion

    place = open_workspace(workspace)
    found = suggestion.suggest(place.run(pipeline, data_day(place, pipeline, None)))
    answer(as_json, found.as_json(), [found.yaml.rstrip()])


@app.command("test", epilog="Example: `nightshift contract test flight_delays --from 2013-02-01 --to 2013-02-28`")
def replay(
    pipeline: Pipeline,
    first: Annotated[str, typer.Option("--from", help="The first data day, YYYY-MM-DD.", show_default=False)],
    last: Annotated[str | None, typer.Option("--to", help="The last; without it the newest whole one.")] = None,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """Replay the contract over past days, each as its night would have known it; nothing is written."""
    from ml.rehearsal import Rehearsal

    place = open_workspace(workspace)
    run = place.run(pipeline, data_day(place, pipeline, last))
    found = Rehearsal.of(run, _span(first, run.day), told(as_json))
    answer(as_json, found.as_json(), list(found.lines()))


def _span(first: str, last: date) -> Any:
    from ml.days import Span, parse_day
    from ml.errors import ConfigError

    begins = parse_day(first)
    if begins > last:
        raise ConfigError(f"--from {begins} is after --to {last}")
    return Span(begins, last)
