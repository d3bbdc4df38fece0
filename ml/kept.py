"""What the drift check keeps of a day: drawn and counted when the day is accepted, merged with other days ever after.

A day's rows are in memory when its contract has let it in, so what a check will look at is taken from them then: the
bounded sample (``ml.samples``) and the counts (``ml.summaries``). No check reads the day again. Where something of it
is not there, because the settings changed, a file was damaged, or the day is older than this, it is made from the day's
file by the first who looks.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ml import samples, summaries
from ml.detectors import Place
from ml.drift.replay import Replay
from ml.records import Batch
from ml.workspace import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from ml.drift.replay import Counted


def replay(run: Run, place: Place | None = None) -> Replay:
    """What the run's check scores; ``place`` is what is known besides the YAML, which is the champion."""
    plan = run.pipeline.drift
    return Replay(plan.columns, plan.detectors, plan.min_rows, place or of_yaml(run))


def of_yaml(run: Run) -> Place:
    """What detectors may know of a pipeline without its champion."""
    source, model = run.pipeline.source, run.pipeline.model
    columns = {name: check.column_kind for name, check in run.pipeline.drift.columns.items()}
    return Place(source.event_time, columns, None, model.label, model.task, source.label_delay)


def keep(run: Run, batch: Batch, rows: pl.DataFrame | None) -> None:
    """Draw and count what checks will look at of a day just accepted; ``rows`` are those of its file, if at hand.

    Once more changes nothing. A day that no check of tonight or later looks at is left alone.
    """
    if not _looked_at(run, batch):
        return
    drawn = samples.rows_of(run.workspace.lake, batch, run.pipeline.drift.rows_of_a_day, rows)
    counted(run, replay(run), batch, lambda: drawn)


def counted(run: Run, check: Replay, batch: Batch, rows: Callable[[], pl.DataFrame]) -> Counted:
    """What the rows of a day alone say, from the lake where it was counted before."""
    found: Counted = summaries.summary_of(
        run.workspace.lake, batch, asked(run, check, batch, asks=False), lambda: check.counted(rows())
    )
    return found


def asked(run: Run, check: Replay, batch: Batch, asks: bool) -> str:
    """A digest of what a day's summary depends on; of the champion's answers, if it ``asks``, on the champion too."""
    most = run.pipeline.drift.rows_of_a_day
    sampled = most if batch.rows > most else None
    return summaries.asking(sampled, check.settings(asks), check.place.champion if asks else None)


def _looked_at(run: Run, batch: Batch) -> bool:
    """Whether the day lies in tonight's windows or later, or a calibration looks at all days."""
    plan = run.pipeline.drift
    first = run.day - timedelta(days=plan.reference + plan.current + plan.nights - 2)
    return plan.false_alarms is not None or batch.day >= first
