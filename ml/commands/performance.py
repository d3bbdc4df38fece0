"""``nightshift performance``: how versions really did."""

from __future__ import annotations

from typing import Annotated

import typer

from ml.commands.terminal import Apart, Json, Pipeline, answer, open_workspace


def performance(
    pipeline: Pipeline,
    days: Annotated[int, typer.Option("--days", min=1, help="So many of the newest days, in lines.")] = 14,
    workspace: Apart = None,
    as_json: Json = False,
) -> None:
    """How well versions really did, by day and slice, when labels come, and what is not known yet."""
    from ml.config import find_pipeline
    from ml.truth.report import Report

    place = open_workspace(workspace)
    found = Report.of(place.ledger, find_pipeline(place.pipelines, pipeline).name, days)
    answer(as_json, found.as_json(), list(found.lines()))
