"""The pages and pictures that reports and mails carry, kept in the lake."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from ml import samples
from ml.days import Span
from ml.messages import moved
from ml.records import Alert, Batch, DriftReport, Evaluation
from ml.workspace import Run

Images = tuple[tuple[str, str], ...]
MAILED = ("calibration", "residuals")
MOST_COLUMNS = 3


def drift_page(run: Run, html: str | None) -> str | None:
    """The place of a drift report's page."""
    return run.workspace.lake.put_bytes(html.encode(), run.name, "drift", suffix=".html").uri if html else None


def before_after(run: Run, report: DriftReport, batch: Batch) -> Images:
    """The columns that moved furthest, before and after; none when no column with values moved.

    The day's own rows are those of ``batch``: its diagnosis may have set it aside since.
    """
    from ml.drift.small_multiples import before_after as drawn

    lake, most = run.workspace.lake, run.pipeline.drift.rows_of_a_day
    frames = [samples.frame_of(lake, found, most) for found in _sides(run, report, batch)]
    columns = [c for c in moved(report) if all(c in frame for frame in frames)][:MOST_COLUMNS]
    if not columns:
        return ()
    return (("what_moved", lake.put_bytes(drawn(frames[0], frames[1], columns), run.name, "drift", suffix=".png").uri),)


def _sides(run: Run, report: DriftReport, batch: Batch) -> tuple[list[Batch], list[Batch]]:
    spans = (Span(*days) for days in (report.reference, report.current))
    accepted = (run.workspace.ledger.batches(run.name, span, state="accepted") for span in spans)
    before, now = ([found.as_seen for found in side if found.day != run.day] for side in accepted)
    return before, [*now, batch]


def evaluation_pictures(run: Run, figures: Mapping[str, Any]) -> Images:
    """The places of an evaluation's figures, by the stem of their file names."""
    from ml.figures import png

    put = run.workspace.lake.put_bytes
    return tuple(
        (PurePath(name).stem, put(png(figure), run.name, "evaluations", suffix=".png").uri)
        for name, figure in figures.items()
    )


def mailed(evaluation: Evaluation) -> Images:
    """Those of an evaluation's pictures that tell its owner most."""
    return tuple((name, uri) for name, uri in evaluation.pictures if name in MAILED)


def read(run: Run, alert: Alert) -> dict[str, bytes]:
    """The bytes of an alert's images, by content id."""
    return {name: run.workspace.lake.read_bytes(uri) for name, uri in alert.images}
