"""``nightshift calibrate``: thresholds of the drift check anew, from the nights of the past."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ml.commands.terminal import Apart, Day, Json, Pipeline, answer, data_day, open_workspace, told
from ml.records import Calibration


def calibrate(pipeline: Pipeline, day: Day = None, workspace: Apart = None, as_json: Json = False) -> None:
    """Find the thresholds at which the whole drift check alarms as often as the YAML asks, and keep them.

    It replays every past night of the lake's accepted days before the data day; the night's own step does the same
    when there is no calibration that still holds.
    """
    from ml.nightwatch import thresholds
    from ml.nightwatch.history import History

    place = open_workspace(workspace)
    run = replace(place.run(pipeline, data_day(place, pipeline, day)), told=told(as_json))
    made = thresholds.make(History.of(run))
    answer(as_json, _document(made), list(_lines(made)))


def _document(made: Calibration) -> dict[str, Any]:
    return made.model_dump(mode="json")


def _lines(made: Calibration) -> Iterator[str]:
    yield f"{made.pipeline} {made.day}: {made.sentence}"
    if not made.ready:
        return
    yield f"days {made.first} to {made.last}, {made.blocks} fortnights; holds until {made.expires}; {made.uri}"
    width = max(map(len, made.thresholds), default=0)
    for name, threshold in sorted(made.thresholds.items()):
        yield f"  {name:<{width}}  {threshold:.4g}"
