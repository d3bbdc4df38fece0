"""The command ``nightshift``: the same lines as Airflow's, walked in a terminal."""

import sys
from typing import Annotated

import typer

from ml import local
from ml.commands import (
    calibrate,
    callers,
    contract,
    drill,
    housekeeping,
    past,
    performance,
    quarantine,
    reproduce,
    skew,
    stages,
    tryout,
    worth,
)
from ml.commands.terminal import Apart, Day, Json, Pipeline, answer, open_workspace, user
from ml.commands.walk import Walk
from ml.errors import ConfigError, NightshiftError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help="Keeps machine-learning models right while their owners sleep.",
)
app.add_typer(contract.app, name="contract")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(callers.app, name="callers")
app.command(epilog="Example: `nightshift calibrate flight_delays`")(calibrate.calibrate)
app.command(epilog='Example: `nightshift approve flight_delays --why "looked at the slices"`')(stages.approve)
app.command(epilog='Example: `nightshift reject flight_delays --why "worse at JFK"`')(stages.reject)
app.command(epilog='Example: `nightshift rollback flight_delays --to 3 --why "late flights look early"`')(
    stages.rollback
)
app.command(epilog="Example: `nightshift tryout flight_delays`")(tryout.tryout)
app.command(epilog="Example: `nightshift reconcile`")(stages.reconcile)
app.command(epilog="Example: `nightshift drill flight_delays`")(drill.drill)
app.command(epilog="Example: `nightshift audit flight_delays`")(past.audit)
app.command(epilog="Example: `nightshift history flight_delays`")(past.history)
app.command("explain-decision", epilog="Example: `nightshift explain-decision flight_delays 2013-06-01`")(
    past.explain_decision
)
app.command("explain-prediction", epilog="Example: `nightshift explain-prediction 0197c2d0a1b27c3d8e4f5a6b7c8d9e0f`")(
    past.explain_prediction
)
app.command("who-served", epilog="Example: `nightshift who-served flight_delays --at 2013-06-01`")(past.who_served)
app.command(epilog="Example: `nightshift performance flight_delays`")(performance.performance)
app.command(epilog="Example: `nightshift worth flight_delays`")(worth.worth)
app.command(epilog="Example: `nightshift housekeeping --dry-run`")(housekeeping.housekeeping)
app.command(epilog="Example: `nightshift skew flight_delays`")(skew.skew)
app.command(epilog="Example: `nightshift reproduce flight_delays@production`")(reproduce.reproduce)


def main() -> None:
    """Run the command; end with the exit code of the error's kind."""
    try:
        app()
    except NightshiftError as error:
        print(f"nightshift: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


@app.command(epilog="Example: `nightshift run flight_delays --day 2013-06-01`")
def run(pipeline: Pipeline, day: Day = None, workspace: Apart = None, as_json: Json = False) -> None:
    """Walk the nightly line, then the retrain line if the night decided so."""
    from ml import lines

    walk = Walk.of(pipeline, day, workspace, as_json)
    decision = lines.nightly(walk.do)
    if decision.retrain:
        lines.retrain(walk.do, decision)
    walk.close()


@app.command(epilog="Example: `nightshift nightly flight_delays`")
def nightly(pipeline: Pipeline, day: Day = None, workspace: Apart = None, as_json: Json = False) -> None:
    """Walk the nightly line: pull, validate, detect, decide, notify."""
    from ml import lines

    walk = Walk.of(pipeline, day, workspace, as_json)
    lines.nightly(walk.do)
    walk.close()


@app.command(epilog='Example: `nightshift retrain flight_delays --reason "new plane types" --dry-run`')
def retrain(
    pipeline: Pipeline,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stands in the ledger and in the mail.")],
    day: Day = None,
    window: Annotated[int | None, typer.Option(min=1, max=3660, help="Days to train on instead of the YAML's.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Stop after the gates: nothing is promoted.")] = False,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """Walk the retrain line because a person asks for it."""
    from ml import lines, steps

    walk = Walk.of(pipeline, day, workspace, as_json)
    decision = walk.do(steps.request, window, reason, dry_run, user())
    lines.retrain(walk.do, decision)
    walk.close()


@app.command(epilog="Example: `nightshift score flight_delays`")
def score(pipeline: Pipeline, day: Day = None, workspace: Apart = None, as_json: Json = False) -> None:
    """Score the rows of the day after the data day, as they are known on its morning."""
    from ml import lines

    walk = Walk.of(pipeline, day, workspace, as_json)
    lines.score(walk.do)
    walk.close()


@app.command(epilog="Example: `nightshift step detect flight_delays --day 2013-06-01`")
def step(
    name: Annotated[str, typer.Argument(metavar="STEP", help="A step of one of the two lines.", show_default=False)],
    pipeline: Pipeline,
    day: Day = None,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """Do one step again, with what the steps before it left in the ledger."""
    from ml.walker import stored_inputs

    walk = Walk.of(pipeline, day, workspace, as_json)
    drawn, inputs = stored_inputs(walk.run, name)
    walk.do(drawn.step, *inputs)
    walk.close()


@app.command(epilog="Example: `nightshift check flight_delays`")
def check(
    pipeline: Annotated[str | None, typer.Argument(help="Its name; without one all are read.")] = None,
    as_json: Json = False,
) -> None:
    """Read the YAML of one pipeline, or of all, and say what is wrong with it."""
    from ml.config import find_pipeline, load_pipelines

    folder = local.config() / "pipelines"
    found = [find_pipeline(folder, pipeline, True)] if pipeline else list(load_pipelines(folder, True).values())
    answer(as_json, {"pipelines": [p.name for p in found]}, [f"{p.name}: right" for p in found])


@app.command(epilog="Example: `nightshift status --json`")
def status(workspace: Apart = None, as_json: Json = False) -> None:
    """Each pipeline's newest night, stage by stage, its version in Production, and what its retrains were worth."""
    from ml import nights
    from ml.config import load_pipelines
    from ml.worth import telling
    from ml.worth.report import Report

    place = open_workspace(workspace)
    document, lines = [], []
    for name, config in sorted(load_pipelines(place.pipelines).items()):
        night, worth = nights.newest(place.ledger, name), Report.of(place.ledger, config)
        document.append(night.as_json() | {"worth": worth.all.as_json() | {"said": telling.said(worth)}})
        lines += [*night.lines(), *([f"  worth: {telling.said(worth)}"] if worth.single else [])]
    answer(as_json, {"pipelines": document}, lines)


@app.command(epilog="Example: `nightshift schema --write`")
def schema(
    write: Annotated[bool, typer.Option("--write", help="Write config/schema.json instead of printing.")] = False,
) -> None:
    """The JSON schema of a pipeline's YAML, for editors."""
    from ml.config import schema_text

    text = schema_text()
    if write:
        (local.config() / "schema.json").write_text(text)
    else:
        print(text, end="")


@app.command(epilog="Example: `nightshift migrate`")
def migrate() -> None:
    """Bring the ledger's tables up to date."""
    import os

    from ml.ledger import migrate as upgrade

    local.use_stack()
    url = os.environ.get("NIGHTSHIFT_LEDGER_URL")
    if not url:
        raise ConfigError("NIGHTSHIFT_LEDGER_URL is not set; it names the database of the ledger")
    upgrade(url)
