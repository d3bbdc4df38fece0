"""``nightshift worth``: what each retrain gave and cost."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ml.commands.terminal import Apart, Json, Pipeline, answer, open_workspace


def worth(
    pipeline: Pipeline,
    picture: Annotated[
        Path | None, typer.Option("--picture", metavar="FILE.png", help="Draw what they gave so far, day by day.")
    ] = None,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """What retrains were worth on matured labels: by policy, by promotion, and beside nobody retraining."""
    from ml.config import find_pipeline
    from ml.worth import telling
    from ml.worth.report import Report

    place = open_workspace(workspace)
    report = Report.of(place.ledger, find_pipeline(place.pipelines, pipeline))
    if picture is not None:
        from ml.figures import png
        from ml.worth.picture import picture as drawn

        weighed, book = place.ledger.weighings(report.pipeline), place.ledger.promotions(report.pipeline)
        picture.write_bytes(png(drawn(report, weighed, book)))
    answer(as_json, {"said": telling.sentence(report), **report.as_json()}, list(telling.lines(report)))
