"""``nightshift quarantine``: the days that broke their contract, the rows behind it, and what people decide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ml.commands.terminal import Apart, Json, Pipeline, answer, group, open_workspace, user
from ml.errors import ConfigError

if TYPE_CHECKING:
    from datetime import date

    from ml.fates import Fate
    from ml.quarantine import Acted
    from ml.records import Diagnosis
    from ml.workspace import Run

app = group("Days that broke their contract: see them, and let them in or give them up.")

ACCEPTED_SHOWN = 10

Day = Annotated[str, typer.Option("--day", help="The data day, YYYY-MM-DD.", show_default=False)]
Why = Annotated[str, typer.Option("--why", help="What makes you sure; kept with your name.", show_default=False)]


@app.command("list", epilog="Example: `nightshift quarantine list flight_delays`")
def list_(
    pipeline: Annotated[str | None, typer.Argument(help="Its name; without one all are told.")] = None,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """The days that wait in quarantine, that people decided about or that are in doubt, and refused rows of others."""
    from ml import fates, holds
    from ml.config import find_pipeline, load_pipelines

    place = open_workspace(workspace)
    names = [find_pipeline(place.pipelines, pipeline).name] if pipeline else sorted(load_pipelines(place.pipelines))
    found = {name: fates.worth_telling(place.ledger, name) for name in names}
    doubted = {name: holds.doubted_now(place, name) for name in names}
    document = {
        "pipelines": [
            {
                "pipeline": name,
                "days": [fate.as_json() for fate in days],
                "doubted": [
                    {"day": str(day), "diagnosis": diagnosis.model_dump(mode="json")}
                    for day, diagnosis in sorted(doubted[name].items())
                ],
            }
            for name, days in found.items()
        ]
    }
    answer(as_json, document, [line for name, days in found.items() for line in _listed(name, days, doubted[name])])


@app.command(epilog="Example: `nightshift quarantine show flight_delays --day 2013-02-12 --rows 20`")
def show(
    pipeline: Pipeline,
    day: Day,
    rows: Annotated[int, typer.Option("--rows", min=0, help="So many rows of each rule.")] = 5,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write all rows behind the rules to this file.")] = None,
    parquet: Annotated[Path | None, typer.Option("--parquet", help="The same, as Parquet.")] = None,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """Each broken rule of a day, the rows behind it with all that is wrong with them, and what was decided by whom."""
    from ml import evidence, fates

    run = _run(workspace, pipeline, day)
    fate = fates.of_day(run)
    behind = evidence.behind(run, fate.batch)
    written = _write(run, fate, csv, parquet)
    document = fate.as_json() | {"rules": [b.as_json(rows) for b in behind]} | {"written": written}
    answer(
        as_json, document, [*_told(fate), *(line for b in behind for line in ("", *b.lines(rows))), *_wrote(written)]
    )


@app.command(epilog='Example: `nightshift quarantine release flight_delays --day 2013-02-09 --why "the blizzard"`')
def release(
    pipeline: Pipeline,
    day: Day,
    why: Why,
    rows: Annotated[bool, typer.Option("--rows", help="Let its refused rows in as well.")] = False,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """Let a day in although it broke rules: from the next night on it is in the window and in the reference."""
    from ml import quarantine

    run = _run(workspace, pipeline, day)
    _acted(run, quarantine.release(run, user(), why, rows), as_json)


@app.command(epilog='Example: `nightshift quarantine discard flight_delays --day 2013-12-31 --why "no weather"`')
def discard(pipeline: Pipeline, day: Day, why: Why, workspace: Apart = None, as_json: Json = False) -> None:
    """Give a day up for good, whatever upstream sends for it later; this also takes a release back."""
    from ml import quarantine

    run = _run(workspace, pipeline, day)
    _acted(run, quarantine.discard(run, user(), why), as_json)


def _run(workspace: Path | None, pipeline: str, day: str) -> Run:
    from ml.days import parse_day

    run: Run = open_workspace(workspace).run(pipeline, parse_day(day))
    return run


def _listed(name: str, days: list[Fate], doubted: dict[date, Diagnosis]) -> list[str]:
    told = [fate for fate in days if fate.state != "accepted"]
    accepted = [fate for fate in days if fate.state == "accepted"]
    lines = [f"  {line}" for fate in told for line in (fate.line(), *(f"    {d}" for d in fate.decided()))]
    lines += [f"  {day}  in doubt     {doubted[day].sentence}" for day in sorted(doubted, reverse=True)]
    lines += [f"  {fate.line()}" for fate in accepted[:ACCEPTED_SHOWN]]
    if len(accepted) > ACCEPTED_SHOWN:
        rest = accepted[ACCEPTED_SHOWN:]
        rows = sum(fate.refused for fate in rest)
        lines.append(f"  and {rows:,} refused rows on {len(rest):,} earlier accepted days (--json has them all)")
    waiting = sum(fate.state == "quarantined" for fate in days)
    head = f"{waiting:,} {'day waits' if waiting == 1 else 'days wait'}" if waiting else "no day waits"
    unsure = f", {len(doubted):,} not learned from while in doubt" if doubted else ""
    return [f"{name}: {head}{unsure}", *lines]


def _told(fate: Fate) -> list[str]:
    lines = [f"{fate.batch.pipeline}  {fate.line()}", *(f"  {decided}" for decided in fate.decided())]
    if fate.state == "quarantined" and not fate.acts:
        lines.append("  nobody has decided about it yet")
    return lines


def _write(run: Run, fate: Fate, csv: Path | None, parquet: Path | None) -> list[str]:
    from ml import evidence

    if csv is None and parquet is None:
        return []
    table, paths = evidence.table(run, fate.batch), [path for path in (csv, parquet) if path is not None]
    try:
        if csv is not None:
            evidence.flat(table).write_csv(csv)
        if parquet is not None:
            table.write_parquet(parquet)
    except OSError as error:
        raise ConfigError(f"{' and '.join(map(str, paths))} cannot be written: {error.strerror or error}") from error
    return [str(path) for path in paths]


def _wrote(written: list[str]) -> list[str]:
    return ["", *(f"all rows behind the rules are in {path}" for path in written)] if written else []


def _acted(run: Run, done: Acted, as_json: bool) -> None:
    document: dict[str, Any] = done.act.model_dump(mode="json") | {
        "again": done.again,
        "state": done.batch.state,
        "rows": done.batch.rows,
        "refused": done.batch.refused,
    }
    answer(as_json, document, _done(run, done))


def _done(run: Run, done: Acted) -> list[str]:
    from ml.fates import DONE

    act, batch = done.act, done.batch
    if done.again:
        return [f"{run} was {DONE[act.act]} already, by {act.by} on {act.at:%Y-%m-%d}: {act.why}; nothing changed"]
    if act.act == "discard":
        return [f"{run} is discarded for good: it is in no window and no reference"]
    refused = f", {batch.refused:,} stay refused (--rows lets them in)" if batch.refused else ""
    waived = f"  waived on this day: {', '.join(' '.join(key.split('/')).strip() for key in act.rules)}"
    return [f"{run} is accepted: {batch.rows:,} rows are in the next window and reference{refused}", waived]
