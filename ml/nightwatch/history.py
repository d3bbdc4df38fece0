"""The accepted days of a run, summed up for its drift check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from ml import kept, materialised, past, samples, summaries
from ml.days import Span
from ml.detectors import Concept
from ml.drift.replay import Day, Replay
from ml.records import Batch, Candidate, from_json
from ml.workspace import Run

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import polars as pl

    Predict = Callable[[pl.DataFrame], np.ndarray[Any, Any]]


@dataclass(frozen=True)
class History:
    """A run's drift check with its days: what is scored, and where the rows lie."""

    run: Run
    replay: Replay

    @classmethod
    def of(cls, run: Run) -> History:
        """The check of the run's data day, with the champion as it was when the night began."""
        detectors = run.pipeline.drift.detectors
        judged = any(isinstance(detector, Concept) for detector in detectors)
        made = _made(run) if any(detector.asks for detector in detectors) else None
        if made is None:
            return cls(run, kept.replay(run))
        place = replace(
            kept.of_yaml(run),
            predict=_predicting(run, made),
            fitted_to=made.fitted_to if judged else None,
            champion=made.model_uri,
        )
        return cls(run, kept.replay(run, place))

    @property
    def most(self) -> int:
        """So many rows of a day are looked at."""
        return self.run.pipeline.drift.rows_of_a_day

    def batches(self, span: Span) -> list[Batch]:
        """The accepted days of the span as their own nights saw them, oldest first."""
        return [batch.as_seen for batch in self.run.workspace.ledger.batches(self.run.name, span, state="accepted")]

    def quiet(self, span: Span) -> list[Batch]:
        """Those of them that a calibration may take for quiet ones.

        A day that tonight has read for the first time is not among them: it was mended, or its own night was missed,
        and what is odd about tonight is odd about it as well. It counts from the next night on; where most days are
        such days, as in the first night of all, they count at once.
        """
        days = self.batches(span)
        known = [batch for batch in days if batch.seen is None or batch.seen.night != self.run.day]
        return known if 2 * len(known) >= len(days) else days

    def rows(self, batch: Batch) -> pl.DataFrame:
        """A day's rows, of very many only some."""
        return samples.rows_of(self.run.workspace.lake, batch, self.most)

    def frame(self, batches: Sequence[Batch]) -> pd.DataFrame:
        """The rows of some days together, as the check looks at them."""
        return samples.frame_of(self.run.workspace.lake, batches, self.most)

    def summed(self, batches: Sequence[Batch]) -> list[Day]:
        """The days summed up, one after the other, from what was kept of each when it was accepted."""
        return [self._summed(batch) for batch in batches]

    def _summed(self, batch: Batch) -> Day:
        self.run.told(str(batch.day))
        rows = cache(lambda: self.rows(batch))
        counted = kept.counted(self.run, self.replay, batch, rows)
        return self.replay.put_together(batch.day, counted, self._answered(batch, rows))

    def _answered(self, batch: Batch, rows: Callable[[], pl.DataFrame]) -> tuple[Any, ...]:
        place = self.replay.place
        if place.predict is not None and place.champion is not None:
            asked = kept.asked(self.run, self.replay, batch, asks=True)
            answers = summaries.summary_of(self.run.workspace.lake, batch, asked, lambda: self.replay.answered(rows()))
            return cast(tuple[Any, ...], answers)
        return self.replay.answered(rows()) if any(d.asks for d in self.replay.detectors) else ()


def champion(run: Run) -> Predict | None:
    """What scores rows as the version does that was in Production before the run's day; None before the first."""
    made = _made(run)
    return _predicting(run, made) if made else None


def _predicting(run: Run, made: Candidate) -> Predict:
    estimator = run.workspace.registry.load_model(made.model_uri)
    joining = cache(lambda: materialised.joining(run, past=materialised.of_model(run, made.model_uri)))

    def predict(rows: pl.DataFrame) -> np.ndarray[Any, Any]:
        from ml import snapshots, training

        served = joining()(rows.lazy()).collect()
        return training.predict(run.pipeline.model.task, estimator, snapshots.plain(served))

    return predict


def _made(run: Run) -> Candidate | None:
    promoted = past.champion(run)
    return _refitted(run, promoted.day) if promoted else None


def _refitted(run: Run, day: date) -> Candidate | None:
    stored = run.workspace.ledger.output(run.name, day, "refit")
    return cast(Candidate, from_json(stored)) if stored else None
