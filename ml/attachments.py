"""The pages and pictures that reports and mails carry, kept in the lake."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from ml.records import Alert, DriftReport, Evaluation
from ml.workspace import Run

Images = tuple[tuple[str, str], ...]
MAILED = ("calibration", "residuals")


def drift_page(run: Run, html: str | None) -> str | None:
    """The place of a drift report's page."""
    return run.workspace.lake.put_bytes(html.encode(), run.name, "drift", suffix=".html").uri if html else None


def drift_picture(run: Run, report: DriftReport) -> Images:
    """The report at a glance, a bar for each column."""
    from ml.drift.picture import drift_bars

    return (("drift", run.workspace.lake.put_bytes(drift_bars(report), run.name, "drift", suffix=".png").uri),)


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
