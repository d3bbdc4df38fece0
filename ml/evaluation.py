"""Challenger, champion and baseline on the same held-out days."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ml import contrast, figures, importances, training
from ml.config import Model, PipelineConfig
from ml.errors import TrainingError
from ml.gates.trial import Trial
from ml.metrics import compute
from ml.records import Importance, Measurement, Role, Score, SliceScore

if TYPE_CHECKING:
    import numpy
    import pandas as pd

SLICE_ROWS = 100


@dataclass(frozen=True)
class Champion:
    """The version that serves, as it was loaded, and the way to the labelled rows before the held-out days.

    ``rows_before`` gives those of the champion's own snapshot; it is called only when the champion has seen held-out
    days and must be rebuilt without them.
    """

    version: int
    estimator: Any
    fitted_to: date
    rows_before: Callable[[], "pd.DataFrame"]


@dataclass(frozen=True)
class Judged:
    """Every role's scores on the held-out rows, whole and by slice, and what they look like."""

    scores: tuple[Score, ...]
    slices: tuple[SliceScore, ...]
    figures: Mapping[str, Any]
    champion_version: int | None
    measurements: tuple[Measurement, ...] = ()
    importances: tuple[Importance, ...] = ()


@dataclass(frozen=True)
class _Contender:
    role: Role
    how: str
    prediction: "numpy.ndarray[Any, Any]"
    version: int | None = None
    estimator: Any = None


def judge(
    pipeline: PipelineConfig,
    older: "pd.DataFrame",
    newest: "pd.DataFrame",
    *,
    challenger: Any,
    champion: Champion | None,
) -> Judged:
    """How challenger, champion and baseline do on ``newest``, labelled rows that follow ``older``.

    The challenger was fitted on ``older``. A champion that has already learned from some of ``newest`` would be judged
    on what it knows by heart: it is rebuilt from its own rows without them. The baseline predicts the same for every
    row: the share of ones, or the mean, of ``older``.

    Raises
    ------
    TrainingError
        One of them cannot be fitted or scored. A champion that cannot be scored is never left out.
    """
    model = pipeline.model
    rows = training.labelled(model.label, newest)
    y = training.label(model.task, rows[model.label])
    contenders = [
        _Contender(
            "challenger", "fitted without the held-out days", _predict(model, challenger, rows), estimator=challenger
        )
    ]
    if champion is not None:
        contenders.append(_champion(model, champion, rows, rows[pipeline.source.event_time].min().date()))
    contenders.append(_baseline(model, older, len(rows)))
    predictions: dict[str, Any] = {contender.role: contender.prediction for contender in contenders}
    leaning = _leaning(pipeline, y, rows, contenders)
    return Judged(
        scores=tuple(_score(model, contender, y) for contender in contenders),
        slices=tuple(_slices(model, contenders, rows, y, pipeline.evaluation.slices)),
        figures=figures.of_evaluation(model.task, y, predictions) | contrast.of_roles(predictions, leaning),
        importances=leaning,
        champion_version=champion.version if champion else None,
        measurements=tuple(_measured(pipeline, _trial(pipeline, older, rows, y, challenger, champion, contenders))),
    )


def _leaning(
    pipeline: PipelineConfig, y: "numpy.ndarray[Any, Any]", rows: "pd.DataFrame", contenders: list[_Contender]
) -> tuple[Importance, ...]:
    """What challenger and champion lean on; a model that predicts what is no number leans on nothing that counts."""
    import numpy

    models = {c.role: c.estimator for c in contenders if c.estimator is not None and numpy.isfinite(c.prediction).all()}
    return importances.importances(pipeline.model.task, pipeline.evaluation.metric, y, rows, models)


def _measured(pipeline: PipelineConfig, trial: Trial) -> Iterator[Measurement]:
    for gate in pipeline.gates:
        yield from gate.measure(trial)


def _trial(
    pipeline: PipelineConfig,
    older: "pd.DataFrame",
    newest: "pd.DataFrame",
    y: "numpy.ndarray[Any, Any]",
    challenger: Any,
    champion: Champion | None,
    contenders: list[_Contender],
) -> Trial:
    model = pipeline.model
    return Trial(
        task=model.task,
        label=model.label,
        features=model.features,
        event_time=pipeline.source.event_time,
        challenger=challenger,
        champion=champion.estimator if champion else None,
        older=older,
        newest=newest,
        y=y,
        predictions={contender.role: contender.prediction for contender in contenders},
        days=newest[pipeline.source.event_time].dt.normalize().to_numpy(),
        refit=lambda seed: training.fit(model.model_copy(update={"seed": seed}), older),
    )


def _predict(model: Model, estimator: Any, rows: "pd.DataFrame") -> "numpy.ndarray[Any, Any]":
    return training.predict(model.task, estimator, rows)


def _champion(model: Model, champion: Champion, rows: "pd.DataFrame", first: date) -> _Contender:
    """The champion as it serves, or rebuilt if it was fitted on a day from ``first`` on."""
    import numpy

    as_served = champion.fitted_to < first
    how = "as served" if as_served else "refitted without the held-out days"
    try:
        estimator = champion.estimator if as_served else _rebuilt(model, champion)
        prediction = _predict(model, estimator, rows)
    except TrainingError as error:
        raise TrainingError(f"the champion, version {champion.version}, cannot be scored ({how}): {error}") from error
    if not numpy.isfinite(prediction).all():
        odd = int((~numpy.isfinite(prediction)).sum())
        raise TrainingError(
            f"the champion, version {champion.version} {how}, gave {odd} predictions that are no number"
        )
    return _Contender("champion", how, prediction, champion.version, estimator)


def _rebuilt(model: Model, champion: Champion) -> Any:
    """The champion's recipe, with its own features, fitted once more on its own rows before the held-out days."""
    from sklearn.base import clone

    rows = training.labelled(model.label, champion.rows_before())
    x = training.features(rows, champion.estimator.feature_names_in_)
    return training.fitted(clone(champion.estimator), x, training.targets(model, rows))


def _baseline(model: Model, older: "pd.DataFrame", rows: int) -> _Contender:
    """The same prediction for every row, as scikit-learn's DummyClassifier(prior) and DummyRegressor(mean) give."""
    import numpy

    known = training.labelled(model.label, older)
    middle = float(training.label(model.task, known[model.label]).mean())
    how = f"always {middle:.5g}, the {'share of ones' if model.task == 'classification' else 'mean'} before"
    return _Contender("baseline", how, numpy.full(rows, middle))


def _score(model: Model, contender: _Contender, y: "numpy.ndarray[Any, Any]") -> Score:
    metrics = compute(model.task, y, contender.prediction)
    return Score(role=contender.role, how=contender.how, metrics=metrics, version=contender.version)


def _slices(
    model: Model,
    contenders: list[_Contender],
    rows: "pd.DataFrame",
    y: "numpy.ndarray[Any, Any]",
    columns: tuple[str, ...],
) -> Iterator[SliceScore]:
    """Every role's metrics for each value of each column that at least 100 rows have; missing is a value too."""
    for column in columns:
        values = training.features(rows, [column])[column].astype(object)
        values = values.where(values.notna(), "missing").astype(str)
        counts = values.value_counts()
        for value in sorted(counts.index[counts >= SLICE_ROWS]):
            inside = (values == value).to_numpy()
            for contender in contenders:
                metrics = compute(model.task, y[inside], contender.prediction[inside])
                yield SliceScore(
                    column=column, value=value, rows=int(counts[value]), role=contender.role, metrics=metrics
                )
