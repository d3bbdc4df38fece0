"""What may go from the lake: snapshots, replaced rows, pages. Calibrations, conditions and locks are small and stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ml.housekeeping.needed import Days, Staying
from ml.housekeeping.removable import PAGE, ROWS, SNAPSHOT, Removable

if TYPE_CHECKING:
    from ml.config import PipelineConfig
    from ml.lake import Found
    from ml.workspace import Workspace

OF_PREDICTIONS = ("ahead", "scored", "outcomes")
OF_DAYS = ("pulled", "accepted", "seen", "refused", "upstream", "profiles")


@dataclass(frozen=True)
class Lookout:
    """Looks at a pipeline's files at one moment, knowing what may not go."""

    pipeline: PipelineConfig
    staying: Staying
    days: Days
    pictured: frozenset[str]
    now: datetime

    def removable(self, files: Iterator[Found]) -> Iterator[Removable]:
        """Those that are old enough and that nothing needs."""
        judges: dict[str, Callable[[Found], Removable | None]] = {
            "snapshots": self._snapshot,
            "drift": self._page,
            "evaluations": self._page,
            "samples": self._derived,
            "summaries": self._derived,
            **dict.fromkeys(OF_PREDICTIONS, self._predicted),
            **dict.fromkeys(OF_DAYS, self._rows),
        }
        for file in files:
            judge = judges.get(PurePosixPath(file.uri).parts[1])
            found = judge(file) if judge else None
            if found is not None:
                yield found

    def _snapshot(self, file: Found) -> Removable | None:
        if file.uri in self.staying.snapshots:
            return None
        return self._old(SNAPSHOT, file, file.at, self.pipeline.retention.snapshots, "frozen")

    def _page(self, file: Found) -> Removable | None:
        if file.uri in self.pictured:
            return None
        return self._old(PAGE, file, file.at, self.pipeline.retention.pages, "drawn")

    def _rows(self, file: Found) -> Removable | None:
        if file.uri in self.days.current:
            return None
        replaced = self.days.replaced.get(file.uri)
        since, what = (max(replaced, file.at), "replaced") if replaced else (file.at, "written, and no row names it")
        return self._old(ROWS, file, since, self.pipeline.retention.replaced, what)

    def _predicted(self, file: Found) -> Removable | None:
        return self._old(ROWS, file, file.at, self.pipeline.predictions.keep, "about predictions, written")

    def _derived(self, file: Found) -> Removable | None:
        """What was drawn or counted from a day's rows stays while they are the newest."""
        if PurePosixPath(file.uri).parts[2].partition("-")[0] in self.days.fingerprints:
            return None
        return self._old(ROWS, file, file.at, self.pipeline.retention.replaced, "from rows that were replaced, made")

    def _old(self, kind: str, file: Found, since: datetime, limit: int | None, what: str) -> Removable | None:
        if limit is None or (self.now - since).days < limit:
            return None
        why = f"{what} {since:%Y-%m-%d}, {(self.now - since).days} days ago; {limit} are kept"
        return Removable(kind=kind, what=file.uri, bytes=file.bytes, since=file.at, why=why)


def removable(
    place: Workspace, pipeline: PipelineConfig, staying: Staying, days: Days, now: datetime
) -> Iterator[Removable]:
    """The files of a pipeline's lake that may go at ``now``."""
    waiting = place.ledger.pending(pipeline.name)
    pictured = frozenset(uri for row in waiting for _, uri in row.alert.images)
    yield from Lookout(pipeline, staying, days, pictured, now).removable(place.lake.everything(pipeline.name))
