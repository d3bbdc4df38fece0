"""Spans of days that do not fit into each other."""

from collections.abc import Iterator

from ml.calibration.check import FEWEST_NIGHTS
from ml.config.document import Place
from ml.config.pipeline import PipelineConfig
from ml.detectors import Concept, Label


def empty_spans(pipeline: PipelineConfig) -> Iterator[tuple[Place, str]]:
    """Each span of days beside which another leaves nothing over, with a sentence."""
    yield from _never_trained(pipeline)
    yield from _late_labels(pipeline)
    yield from _never_due(pipeline)
    yield from _never_calibrated(pipeline)
    yield from _never_weighed(pipeline)


def _never_trained(pipeline: PipelineConfig) -> Iterator[tuple[Place, str]]:
    holdout, train, history = pipeline.evaluation.holdout, pipeline.window.train, pipeline.source.history
    if train <= holdout:
        days = f"{holdout} days are held out of a window of {train}"
        yield ("evaluation", "holdout"), f"{days}; nothing is left to train on"
    if history <= holdout:
        days = f"the first pull brings {history} days with a label, and {holdout} are held out"
        yield ("source", "history"), f"{days}; nothing is left to train on"


def _late_labels(pipeline: PipelineConfig) -> Iterator[tuple[Place, str]]:
    delay, reference = pipeline.source.label_delay, pipeline.drift.reference
    if delay >= reference:
        yield (
            ("source", "label_delay"),
            f"labels come {delay} days late, and the drift check looks back {reference}: too few of the days that "
            "tonight is compared with have theirs, so that no shift of labels can be told from another; "
            f"set drift.reference above {delay} days",
        )


def _never_due(pipeline: PipelineConfig) -> Iterator[tuple[Place, str]]:
    """Detectors of labels that leave no day with a label to compare their own days with."""
    drift, delay = pipeline.drift, pipeline.source.label_delay
    due = drift.reference + drift.current - delay
    for number, detector in enumerate(drift.detectors):
        if isinstance(detector, Label | Concept) and delay < drift.reference and due <= detector.days:
            yield (
                ("drift", "detectors", number),
                f"{detector.kind} looks at {detector.days} days with labels and at those before them; with labels "
                f"{delay} days late and a reference of {drift.reference} days there are {due} such days in all",
            )


def _never_calibrated(pipeline: PipelineConfig) -> Iterator[tuple[Place, str]]:
    drift, history = pipeline.drift, pipeline.source.history
    needed = drift.reference + drift.current - 1 + FEWEST_NIGHTS
    if drift.false_alarms is not None and history < needed:
        yield (
            ("source", "history"),
            f"a calibration looks at {history} days and needs {needed}: {FEWEST_NIGHTS} past nights, each with a "
            f"reference of {drift.reference} days and {drift.current} current; it would never come about",
        )


def _never_weighed(pipeline: PipelineConfig) -> Iterator[tuple[Place, str]]:
    """Versions that are gone before the days are due on which they are to be weighed."""
    kept, stale, delay = pipeline.retention.versions, pipeline.worth.stale, pipeline.source.label_delay
    if kept is not None and kept <= stale + delay:
        yield (
            ("retention", "versions"),
            f"versions are kept for {kept} days, and one is weighed on rows of up to {stale} days after it served "
            f"(worth.stale), {delay} days later when their labels are there: what retrains were worth would stay "
            f"unknown; set it above {stale + delay} days, or shorten worth.stale",
        )
