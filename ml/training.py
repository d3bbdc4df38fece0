"""Fitting an estimator on rows, and asking it for predictions."""

import difflib
import hashlib
import importlib
import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ml.config import Model
from ml.errors import ConfigError, TrainingError
from ml.metrics import Task
from ml.pipelines import default

if TYPE_CHECKING:
    import numpy
    import pandas as pd

EXAMPLE_ROWS = 200


def build(model: Model) -> Any:
    """The unfitted estimator that the pipeline's owner wrote, or the default one.

    Raises
    ------
    ConfigError
        The dotted path leads nowhere, or to something that does not take a seed.
    TrainingError
        The owner's function fails, or gives no estimator that predicts what the task needs.
    """
    if model.estimator is None:
        return default.estimator(seed=model.seed, task=model.task)
    function = _function(model.estimator)
    try:
        estimator = function(seed=model.seed)
    except Exception as error:
        raise TrainingError(f"{model.estimator} failed with {type(error).__name__}: {error}") from error
    needed = ("fit", "predict_proba" if model.task == "classification" else "predict")
    missing = [name for name in needed if not hasattr(estimator, name)]
    if missing:
        kind = type(estimator).__name__
        raise TrainingError(f"{model.estimator} gave a {kind} without {missing[0]}; a {model.task} model needs it")
    return estimator


def _function(path: str) -> Callable[..., Any]:
    module_name, colon, name = path.partition(":")
    if not (module_name and colon and name):
        raise ConfigError(f"model.estimator {path!r} is not of the form package.module:function")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise TrainingError(f"model.estimator {path!r}: {module_name} does not import: {error}") from error
        raise ConfigError(f"model.estimator {path!r}: there is no module {error.name}") from error
    function = getattr(module, name, None)
    if not callable(function):
        raise ConfigError(f"model.estimator {path!r}: {module_name} has no function {name}{_near(name, module)}")
    if not _takes_seed(function):
        raise ConfigError(f"model.estimator {path!r}: {name} takes no argument named seed")
    return function  # type: ignore[no-any-return]


def _near(name: str, module: Any) -> str:
    public = [n for n, value in vars(module).items() if callable(value) and not n.startswith("_")]
    close = difflib.get_close_matches(name, public, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _takes_seed(function: Callable[..., Any]) -> bool:
    try:
        inspect.signature(function).bind(seed=0)
    except TypeError:
        return False
    return True


def fit(model: Model, frame: "pd.DataFrame") -> Any:
    """The model's estimator, fitted on the rows of ``frame`` that have a label.

    Raises
    ------
    TrainingError
        A column is missing, no row has a label, the labels are not what the task needs, or the estimator fails.
    """
    rows = labelled(model.label, frame)
    return fitted(build(model), features(rows, model.features), targets(model, rows))


def fitted(estimator: Any, x: "pd.DataFrame", y: "numpy.ndarray[Any, Any]") -> Any:
    """The estimator after ``fit``; whatever it raises becomes a TrainingError."""
    try:
        estimator.fit(x, y)
    except Exception as error:
        raise TrainingError(
            f"{type(estimator).__name__} could not be fitted on {len(x)} rows of {x.shape[1]} features: "
            f"{type(error).__name__}: {error}"
        ) from error
    return estimator


def labelled(name: str, frame: "pd.DataFrame") -> "pd.DataFrame":
    """The rows whose label is known.

    Raises
    ------
    TrainingError
        There is no such column, or no such row.
    """
    if name not in frame.columns:
        raise TrainingError(f"the label column {name!r} is missing; there are {_names(frame.columns)}")
    rows = frame[frame[name].notna()]
    if rows.empty:
        raise TrainingError(f"none of the {len(frame)} rows has a label in {name!r}; there is nothing to learn from")
    return rows


def targets(model: Model, rows: "pd.DataFrame") -> "numpy.ndarray[Any, Any]":
    """The labels of labelled rows, good to fit on: for classification both classes are there.

    Raises
    ------
    TrainingError
        They are not, or a label is not what the task needs.
    """
    y = label(model.task, rows[model.label])
    if model.task == "classification" and (y == y[0]).all():
        raise TrainingError(f"all {len(y)} labels in {model.label!r} are {y[0]}; both 0 and 1 are needed to learn from")
    return y


def label(task: Task, column: "pd.Series[Any]") -> "numpy.ndarray[Any, Any]":
    """The labels as numbers: int64 of 0 and 1 for classification, finite float64 for regression.

    Raises
    ------
    TrainingError
        A label is something else; the sentence shows one.
    """
    import numpy
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce").to_numpy("float64", na_value=numpy.nan)
    right = numpy.isin(numbers, (0.0, 1.0)) if task == "classification" else numpy.isfinite(numbers)
    if not right.all():
        wanted = "0 or 1" if task == "classification" else "finite numbers"
        wrong = column[~right].tolist()[0]
        raise TrainingError(
            f"{(~right).sum()} of {len(column)} labels in {column.name!r} are not {wanted}, for example {wrong!r}"
        )
    return numbers.astype("int64") if task == "classification" else numbers


def features(frame: "pd.DataFrame", names: Iterable[str]) -> "pd.DataFrame":
    """The feature columns in their order.

    Raises
    ------
    TrainingError
        Some are missing; all of them are named.
    """
    names = list(names)
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise TrainingError(f"the feature columns {_names(missing)} are missing; there are {_names(frame.columns)}")
    return frame[names]


def _names(columns: Iterable[Any], limit: int = 30) -> str:
    names = [str(column) for column in columns]
    return ", ".join(names[:limit]) + (f" and {len(names) - limit} more" if len(names) > limit else "")


def predict(task: Task, estimator: Any, frame: "pd.DataFrame") -> "numpy.ndarray[Any, Any]":
    """One number a row: the probability of 1 for classification, the predicted value for regression.

    The columns are those that the estimator was fitted on, whatever the configuration says today.

    Raises
    ------
    TrainingError
        A column is missing, or the estimator fails.
    """
    import numpy

    x = features(frame, estimator.feature_names_in_)
    try:
        if task == "regression":
            return numpy.asarray(estimator.predict(x), dtype="float64")
        one = list(estimator.classes_).index(1)
        return numpy.asarray(estimator.predict_proba(x)[:, one], dtype="float64")
    except Exception as error:
        raise TrainingError(
            f"{type(estimator).__name__} could not predict {len(x)} rows: {type(error).__name__}: {error}"
        ) from error


def example(model: Model, frame: "pd.DataFrame") -> "pd.DataFrame":
    """The features of a fixed few rows, spread evenly over the frame: a model's schema and its probe."""
    step = max(1, len(frame) // EXAMPLE_ROWS)
    return features(frame.iloc[::step].head(EXAMPLE_ROWS), model.features)


def recipe(model: Model, past: Mapping[str, str] | None = None) -> str:
    """A digest of how a model is made: estimator with its parameters, features, label, task and seed.

    ``past`` gives the definitions of the aggregates that are among its features. Equal in every process. The source of
    an owner's module counts as a parameter, since a changed function is another recipe.
    """
    defined = {name: digest for name, digest in (past or {}).items() if name in model.features}
    parts = {
        "estimator": _canonical(build(model)),
        "features": list(model.features),
        "label": model.label,
        "task": model.task,
        "seed": model.seed,
    } | ({"past": defined} if defined else {})
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _canonical(value: Any) -> Any:
    """The value as JSON, without addresses: names for functions and classes, parameters for estimators."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {str(key): _canonical(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(json.dumps(_canonical(item)) for item in value)
    if hasattr(value, "tolist") and not inspect.isclass(value):
        return _canonical(value.tolist())
    if inspect.isroutine(value) or inspect.isclass(value):
        return [value.__module__, value.__qualname__, _source(value.__module__)]
    parameters = value.get_params(deep=False) if hasattr(value, "get_params") else vars(value)
    kind = type(value)
    return [kind.__module__, kind.__qualname__, _source(kind.__module__), _canonical(parameters)]


def _source(module_name: str) -> str | None:
    """The sha256 of an owner's module; None for libraries, whose versions are recorded with the model."""
    if not module_name.startswith("ml.pipelines."):
        return None
    return hashlib.sha256(inspect.getsource(importlib.import_module(module_name)).encode()).hexdigest()
