"""What may go from the ledger: predictions, day by day, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from ml.housekeeping.removable import PREDICTIONS, Removable

if TYPE_CHECKING:
    from ml.config import PipelineConfig
    from ml.workspace import Workspace


def removable(place: Workspace, pipeline: PipelineConfig, now: datetime) -> Iterator[Removable]:
    """The data days whose predictions may go at ``now``. How many bytes that frees the database does not say."""
    keep = pipeline.predictions.keep
    if keep is None:
        return
    for day, count in place.ledger.predicted_days(pipeline.name).items():
        since = datetime.combine(day, time(), UTC)
        if (now - since).days >= keep:
            why = f"{count:,} predictions of {day}, {(now - since).days} days ago; {keep} are kept"
            yield Removable(kind=PREDICTIONS, what=f"ledger:{pipeline.name}/{day}", bytes=0, since=since, why=why)


def remove(place: Workspace, pipeline: PipelineConfig, item: Removable) -> None:
    """Remove the predictions of the day that ``item`` names, and of those before it."""
    day = date.fromisoformat(item.what.rpartition("/")[2])
    place.ledger.forget_predictions(pipeline.name, day + timedelta(days=1))
