"""``nightshift who-served``, ``history``, ``explain-…`` and ``audit``: the past, and whether it holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ml.commands.terminal import Apart, Json, Pipeline, answer, open_workspace

if TYPE_CHECKING:
    from ml.config import PipelineConfig
    from ml.ledger import Ledger

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
    config = find_pipeline(place.pipelines, pipeline)
    past = timeline.of(place.ledger, config.name)
    answer(as_json, past.as_json(), [*past.lines(), *_worth(place.ledger, config)])


def _worth(ledger: Ledger, config: PipelineConfig) -> Iterator[str]:
    """What the retrains were worth, once there was one."""
    from ml.worth import telling
    from ml.worth.report import Report

    report = Report.of(ledger, config)
    if report.single:
        yield from ("", telling.sentence(report))


def explain_decision(
    pipeline: Pipeline,
    day: Annotated[str | None, typer.Argument(metavar="[DAY]", help="The data day; without it the newest.")] = None,
    named: Annotated[str | None, typer.Option("--day", help="The same, as an option.")] = None,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """Every reason, threshold, gate and number that led to a night's decision, from the ledger alone."""
    from ml import account
    from ml.config import find_pipeline
    from ml.days import parse_day

    place = open_workspace(workspace)
    asked = day or named
    told = account.of(place.ledger, find_pipeline(place.pipelines, pipeline).name, parse_day(asked) if asked else None)
    answer(as_json, told.as_json(), list(told.lines()))


def explain_prediction(
    name: Annotated[str, typer.Argument(metavar="ID", help="The prediction's id, as it was answered.")],
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """Which row a prediction was about, who asked, which version answered, what each field contributed, what came true.

    The version is fetched from MLflow and asked again with the features that were kept; its answer must be the same.
    """
    from ml.account import predicting

    told = predicting.of(open_workspace(workspace), name)
    answer(as_json, told.as_json(), list(told.lines()))


def audit(
    pipeline: Annotated[str | None, typer.Argument(help="Its name; without one all are audited.")] = None,
    deep: Annotated[bool, typer.Option("--deep", help="Read every file of the lake and compare its sha256.")] = False,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """Verify the ledger's chains, and that ledger, registry, aliases and lake agree; exit code 1 when they do not."""
    from ml import audit as auditing
    from ml.config import find_pipeline, load_pipelines

    place = open_workspace(workspace)
    names = [find_pipeline(place.pipelines, pipeline).name] if pipeline else sorted(load_pipelines(place.pipelines))
    checked = auditing.audit(place, names, deep)
    wrong = sum(len(check.found) for checks in checked.values() for check in checks)
    document = {"wrong": wrong, "checked": {of: [check.as_json() for check in checked[of]] for of in checked}}
    told = [line for of, checks in checked.items() for line in (of, *(x for check in checks for x in check.lines()))]
    answer(as_json, document, [*told, "", _sum(wrong)])
    if wrong:
        raise typer.Exit(1)


def _sum(wrong: int) -> str:
    if not wrong:
        return "nothing is wrong"
    return "1 thing is wrong" if wrong == 1 else f"{wrong:,} things are wrong"


def _when(at: str | None, timezone: str) -> Any:
    from datetime import UTC, datetime

    from ml.moments import When

    now = datetime.now(UTC)
    return When(now, None, "now") if at is None else When.parse(at, timezone, now)
