"""The accepted days of a run, summed up for its drift check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from ml import past, samples
from ml.days import Span
from ml.detectors import Champion, Concept, Place
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
        plan = run.pipeline.drift
        columns = {name: check.column_kind for name, check in plan.columns.items()}
        judged = any(isinstance(detector, Concept) for detector in plan.detectors)
        wanted = judged or any(isinstance(detector, Champion) for detector in plan.detectors)
        place = Place(
            run.pipeline.source.event_time,
            columns,
            champion(run) if wanted else None,
            run.pipeline.model.label,
            run.pipeline.model.task,
            run.pipeline.source.label_delay,
            fitted_to(run) if judged else None,
        )
        return cls(run, Replay(plan.columns, plan.detectors, plan.min_rows, place))

    @property
    def most(self) -> int:
        """So many rows of a day are looked at."""
        return self.run.pipeline.drift.rows_of_a_day

    def batches(self, span: Span) -> list[Batch]:
        """The accepted days of the span, oldest first."""
        return self.run.workspace.ledger.batches(self.run.name, span, state="accepted")

    def rows(self, batch: Batch) -> pl.DataFrame:
        """A day's rows, of very many only some."""
        return samples.rows_of(self.run.workspace.lake, batch, self.most)

    def frame(self, batches: Sequence[Batch]) -> pd.DataFrame:
        """The rows of some days together, as the check looks at them."""
        return samples.frame_of(self.run.workspace.lake, batches, self.most)

    def summed(self, batches: Sequence[Batch]) -> list[Day]:
        """The days summed up: one is read and let go after the other."""
        return [self.replay.day(batch.day, self.rows(batch)) for batch in batches]


def champion(run: Run) -> Predict | None:
    """What scores rows as the version does that was in Production before the run's day; None before the first."""
    made = _made(run)
    if made is None:
        return None
    estimator = run.workspace.registry.load_model(made.model_uri)

    def predict(rows: pl.DataFrame) -> np.ndarray[Any, Any]:
        from ml import snapshots, training

        return training.predict(run.pipeline.model.task, estimator, snapshots.plain(rows))

    return predict


def fitted_to(run: Run) -> date | None:
    """The newest day that this champion was fitted on."""
    made = _made(run)
    return made.fitted_to if made else None


def _made(run: Run) -> Candidate | None:
    promoted = past.champion(run)
    return _refitted(run, promoted.day) if promoted else None


def _refitted(run: Run, day: date) -> Candidate | None:
    stored = run.workspace.ledger.output(run.name, day, "refit")
    return cast(Candidate, from_json(stored)) if stored else None
