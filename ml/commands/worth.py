"""``nightshift worth``: what each retrain gave and cost."""

from __future__ import annotations

from ml.commands.terminal import Apart, Json, Pipeline, answer, open_workspace


def worth(pipeline: Pipeline, workspace: Apart = None, as_json: Json = False) -> None:
    """What retrains were worth on matured labels: by policy, by promotion, and beside nobody retraining."""
    from ml.config import find_pipeline
    from ml.worth import telling
    from ml.worth.report import Report

    place = open_workspace(workspace)
    report = Report.of(place.ledger, find_pipeline(place.pipelines, pipeline))
    answer(as_json, {"said": telling.sentence(report), **report.as_json()}, list(telling.lines(report)))
