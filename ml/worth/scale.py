"""Two versions on the same rows of a day: the mean loss of each, and how often each said what."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ml import materialised, training
from ml.days import Span
from ml.errors import TrainingError
from ml.features import Definitions
from ml.metrics import METRICS, ROW_LOSSES, Task
from ml.prices.decisions import STEPS
from ml.records import Batch, Weighed
from ml.snapshots import plain
from ml.worth.served import Pair

if TYPE_CHECKING:
    import numpy
    import polars as pl

    from ml.workspace import Run

    Array = numpy.ndarray[Any, Any]


class Scale:
    """Weighs pairs of a run's pipeline. A model is loaded once for all days, a day's rows are read once."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._models: dict[int, tuple[Any, Definitions] | TrainingError] = {}
        self._said: dict[tuple[int, date], Array] = {}

    def day(self, batch: Batch, pairs: list[Pair]) -> list[Weighed]:
        """What the versions of each pair gave on the labelled rows of an accepted day."""
        rows, labelled = self._rows(batch)
        y = training.label(self.run.pipeline.model.task, plain(rows)[self.run.pipeline.model.label])
        return [self._weighed(pair, rows, y, labelled) for pair in pairs]

    def _rows(self, batch: Batch) -> tuple[pl.DataFrame, int]:
        """The labelled rows of a day, at most so many at even distances, as its own night saw them; and how many."""
        import polars as pl

        place, label = self.run.workspace, self.run.pipeline.model.label
        rows = place.lake.read([batch.as_seen.uri])
        known = rows.filter(pl.col(label).is_not_null()) if label in rows.columns else rows.clear()
        most = self.run.pipeline.worth.rows
        chosen = known if known.height <= most else known[[n * known.height // most for n in range(most)]]
        return chosen, known.height

    def _weighed(self, pair: Pair, rows: pl.DataFrame, y: Array, labelled: int) -> Weighed:
        about: dict[str, Any] = {"pipeline": self.run.name, "rows": labelled, **vars(pair)}
        if rows.is_empty():
            return Weighed(state="unknown", why="none of its rows has a label", **about)
        try:
            one, other = (self._predicted(version, pair.day, rows) for version in (pair.version, pair.other))
        except TrainingError as error:
            return Weighed(state="unknown", why=str(error), **about)
        task = self.run.pipeline.model.task
        measured = {"losses": losses(task, y, one, other), "scores": scores(task, y, one, other)}
        return Weighed(state="known", weighed=rows.height, **measured, **about)

    def _predicted(self, version: int, day: date, rows: pl.DataFrame) -> Array:
        """What a version says of the rows, with the past as it was served to it on that day."""
        import numpy

        if (version, day) not in self._said:
            estimator, past = self._model(version)
            given = materialised.joining(self.run, Span(day, day), past)(rows.lazy()).collect()
            said = training.predict(self.run.pipeline.model.task, estimator, plain(given))
            if not numpy.isfinite(said).all():
                raise TrainingError(f"version {version} said of {(~numpy.isfinite(said)).sum()} rows what is no number")
            self._said[version, day] = said
        return self._said[version, day]

    def _model(self, version: int) -> tuple[Any, Definitions]:
        """The estimator of a version and the aggregates that it takes; one that is gone is asked for once."""
        if version not in self._models:
            self._models[version] = self._loaded(version)
        found = self._models[version]
        if isinstance(found, TrainingError):
            raise found
        return found

    def _loaded(self, version: int) -> tuple[Any, Definitions] | TrainingError:
        registry = self.run.workspace.registry
        kept = registry.version(self.run.name, version)
        if kept is None:
            return TrainingError(f"version {version} is not in MLflow any more")
        try:
            return registry.load_model(kept.model_uri), materialised.of_model(self.run, kept.model_uri)
        except TrainingError as error:
            return error


def losses(task: Task, y: Array, one: Array, other: Array) -> dict[str, tuple[float, float]]:
    """The mean loss a row of both, by every metric of the task that is a mean over rows."""
    names = [name for name in ROW_LOSSES if METRICS[name].task == task]
    return {name: (float(ROW_LOSSES[name](y, one).mean()), float(ROW_LOSSES[name](y, other).mean())) for name in names}


def scores(task: Task, y: Array, one: Array, other: Array) -> dict[str, tuple[int, ...]]:
    """How often each said what of the rows of each label, in hundredths: enough for any threshold in hundredths."""
    import numpy

    if task != "classification":
        return {}
    edges = numpy.arange(1, STEPS + 1) / STEPS
    return {
        f"{name} {label}": tuple(
            numpy.bincount(numpy.searchsorted(edges, said[y == label], side="right"), minlength=STEPS + 1).tolist()
        )
        for name, said in (("version", one), ("other", other))
        for label in (0, 1)
    }
