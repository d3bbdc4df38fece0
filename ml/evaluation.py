"""Challenger, champion and baseline on the same held-out days."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ml import contrast, figures, importances, training
from ml.baselines import BaseBaseline, Constant
from ml.baselines.baseline import Known
from ml.comparison import compare
from ml.config import Model, PipelineConfig
from ml.errors import TrainingError
from ml.gates.trial import Surroundings, Trial
from ml.metrics import compute
from ml.records import Comparison, Importance, Measurement, Role, Score, SliceScore

if TYPE_CHECKING:
    import numpy
    import pandas as pd

SLICE_ROWS = 100


@dataclass(frozen=True)
class Champion:
    """The version that serves, as it was loaded, and the way to the labelled rows before the held-out days.

    ``rows_before`` gives those of the champion's own snapshot; it is called only when the champion has seen held-out
    days and must be rebuilt without them. ``recipe`` and ``window_days`` say how it was made, where that is known.
    ``given`` gives the challenger's rows the aggregates over the past in the champion's own definitions; ``looked_up``
    are their names.
    """

    version: int
    estimator: Any
    fitted_to: date
    rows_before: Callable[[], "pd.DataFrame"]
    recipe: str | None = None
    window_days: int = 0
    model_uri: str | None = None
    given: Callable[["pd.DataFrame"], "pd.DataFrame"] = lambda rows: rows
    looked_up: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Judged:
    """Every role's scores on the held-out rows, whole and by slice, and what they look like."""

    scores: tuple[Score, ...]
    slices: tuple[SliceScore, ...]
    figures: Mapping[str, Any]
    champion_version: int | None
    measurements: tuple[Measurement, ...] = ()
    importances: tuple[Importance, ...] = ()
    comparisons: tuple[Comparison, ...] = ()


@dataclass(frozen=True)
class _Contender:
    role: Role
    how: str
    prediction: "numpy.ndarray[Any, Any]"
    version: int | None = None
    estimator: Any = None
    basis: str | None = None
    rows: Any = None


def judge(
    pipeline: PipelineConfig,
    older: "pd.DataFrame",
    newest: "pd.DataFrame",
    *,
    challenger: Any,
    champion: Champion | None,
    recipe: str | None = None,
    around: Surroundings | None = None,
) -> Judged:
    """How challenger, champion and baseline do on ``newest``, labelled rows that follow ``older``.

    The challenger was fitted on ``older`` by ``recipe``. A champion that has already learned from some of ``newest``
    would be judged on what it knows by heart: it is rebuilt from its own rows without them. A champion of another
    recipe is judged a second time, fitted on the challenger's rows, so that recipes and rows can be told apart. The
    baseline predicts the same for every row; gates name others, which are judged beside it. ``around`` is what gates
    know beyond rows and models.

    Raises
    ------
    TrainingError
        One of them cannot be fitted or scored. A champion that cannot be scored is never left out.
    """
    model = pipeline.model
    rows = training.labelled(model.label, newest)
    y = training.label(model.task, rows[model.label])
    how = "fitted without the held-out days"
    roles = [_Contender("challenger", how, _predict(model, challenger, rows), estimator=challenger, rows=rows)]
    if champion is not None:
        roles.append(_champion(model, champion, champion.given(rows), rows[pipeline.source.event_time].min().date()))
    known = _known(model, older)
    roles.append(_baseline(Constant(), known, rows))
    others = [*_same_rows(model, older, rows, champion, recipe), *_baselines(pipeline, known, rows)]
    days = rows[pipeline.source.event_time].to_numpy()
    predictions: dict[str, Any] = {contender.role: contender.prediction for contender in roles}
    leaning = _leaning(pipeline, y, roles)
    return Judged(
        scores=tuple(_score(model, contender, y) for contender in (*roles, *others)),
        slices=tuple(_slices(model, roles, rows, y, pipeline.evaluation.slices)),
        figures=figures.of_evaluation(model.task, y, predictions) | contrast.of_roles(predictions, leaning),
        importances=leaning,
        champion_version=champion.version if champion else None,
        measurements=tuple(_measured(pipeline, _trial(pipeline, older, rows, y, challenger, champion, roles, around))),
        comparisons=tuple(_comparisons(pipeline, y, days, (*roles, *others))),
    )


def _leaning(
    pipeline: PipelineConfig, y: "numpy.ndarray[Any, Any]", contenders: list[_Contender]
) -> tuple[Importance, ...]:
    """What challenger and champion lean on; a model that predicts what is no number leans on nothing that counts."""
    import numpy

    sound = [c for c in contenders if c.estimator is not None and numpy.isfinite(c.prediction).all()]
    models = {c.role: (c.estimator, c.rows) for c in sound}
    return importances.importances(pipeline.model.task, pipeline.evaluation.metric, y, models)


def _comparisons(
    pipeline: PipelineConfig, y: "numpy.ndarray[Any, Any]", days: Any, contenders: Sequence[_Contender]
) -> Iterator[Comparison]:
    """The challenger beside each of the others, by the metric that counts and those that gates look at."""
    asked = [pipeline.evaluation.metric, *(getattr(gate, "metric", None) for gate in pipeline.gates)]
    challenger, *others = contenders
    for metric in dict.fromkeys(name for name in asked if name is not None):
        for other in others:
            found = compare(metric, y, challenger.prediction, other.prediction, days)
            if found is not None:
                yield Comparison(
                    role=other.role,
                    how=other.how,
                    metric=metric,
                    rows=len(y),
                    version=other.version,
                    basis=other.basis,
                    **vars(found),
                )


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
    around: Surroundings | None,
) -> Trial:
    model = pipeline.model
    served = champion.estimator if champion else None
    return Trial(
        task=model.task,
        label=model.label,
        features=model.features,
        event_time=pipeline.source.event_time,
        challenger=challenger,
        champion=served,
        older=older,
        newest=newest,
        y=y,
        predictions={contender.role: contender.prediction for contender in contenders},
        days=newest[pipeline.source.event_time].dt.normalize().to_numpy(),
        refit=lambda seed: training.fit(model.model_copy(update={"seed": seed}), older),
        predict=lambda estimator, frame: training.predict(model.task, estimator, frame),
        slices=pipeline.evaluation.slices,
        requests=_requests(model, champion, older),
        looked_up=frozenset(pipeline.features.past) | (champion.looked_up if champion else frozenset()),
        surroundings=around or _alone(newest[pipeline.source.event_time].max().date()),
    )


def _requests(model: Model, champion: Champion | None, older: "pd.DataFrame") -> "pd.DataFrame":
    """The rows of a model's example, with the columns that challenger and champion ask for."""
    if champion is None:
        return training.example(model, older)
    own = champion.given(older)
    others = [name for name in champion.estimator.feature_names_in_ if name not in model.features]
    rows = older.assign(**{name: own[name] for name in others if name in own})
    return training.example(model.model_copy(update={"features": (*model.features, *others)}), rows)


def _alone(due: date) -> Surroundings:
    """Nothing is known beyond rows and models: no day was set aside, and no model is saved anywhere."""
    return Surroundings(due, (), lambda requests: {})


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
    basis = "as served" if as_served else "own rows"
    return _Contender("champion", how, prediction, champion.version, estimator, basis, rows)


def _rebuilt(model: Model, champion: Champion) -> Any:
    """The champion's recipe, with its own features, fitted once more on its own rows before the held-out days."""
    return _again(model, champion, champion.rows_before())


def _again(model: Model, champion: Champion, rows: "pd.DataFrame") -> Any:
    from sklearn.base import clone

    rows = training.labelled(model.label, rows)
    x = training.features(rows, champion.estimator.feature_names_in_)
    return training.fitted(clone(champion.estimator), x, training.targets(model, rows))


def _same_rows(
    model: Model, older: "pd.DataFrame", rows: "pd.DataFrame", champion: Champion | None, recipe: str | None
) -> Iterator[_Contender]:
    """The champion's recipe on the challenger's rows, when it is another than the challenger's."""
    if champion is None or recipe is None or champion.recipe == recipe:
        return
    how = "its recipe on the challenger's rows"
    try:
        prediction = _predict(model, _again(model, champion, champion.given(older)), champion.given(rows))
    except TrainingError as error:
        raise TrainingError(f"the champion, version {champion.version}, cannot be scored ({how}): {error}") from error
    yield _Contender("champion", how, prediction, champion.version, basis="same rows")


def _known(model: Model, older: "pd.DataFrame") -> Known:
    rows = training.labelled(model.label, older)
    return Known(model.task, rows, training.label(model.task, rows[model.label]), model.features)


def _baseline(baseline: BaseBaseline, known: Known, rows: "pd.DataFrame") -> _Contender:
    guess = baseline.guess(known, rows)
    return _Contender("baseline", guess.how, guess.prediction, basis=baseline.name)


def _baselines(pipeline: PipelineConfig, known: Known, rows: "pd.DataFrame") -> Iterator[_Contender]:
    """What gates compare with beyond the constant."""
    named = (getattr(gate, "against", None) for gate in pipeline.gates)
    asked = {baseline.name: baseline for baseline in named if isinstance(baseline, BaseBaseline)}
    for baseline in asked.values():
        if baseline != Constant():
            yield _baseline(baseline, known, rows)


def _score(model: Model, contender: _Contender, y: "numpy.ndarray[Any, Any]") -> Score:
    metrics = compute(model.task, y, contender.prediction)
    return Score(
        role=contender.role, how=contender.how, metrics=metrics, version=contender.version, basis=contender.basis
    )


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
