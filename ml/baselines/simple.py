"""A simple model on the same features."""

from typing import TYPE_CHECKING, Any, Literal

from ml.baselines.baseline import BaseBaseline, Guess, Known
from ml.errors import TrainingError
from ml.metrics import Task

if TYPE_CHECKING:
    import pandas as pd

ROWS = 50_000
COMMON = 20


class Simple(BaseBaseline):
    """A logistic regression, or for numbers a ridge regression, on the model's own features.

    Numbers are standardised and gaps filled with the median, texts become a column for each of their 20 commonest
    values, times an hour and a weekday. It is fitted on at most 50,000 of the rows before, evenly spread, so that it
    costs a second or two whatever the model costs.

    >>> Simple()
    Simple(kind='simple')
    """

    kind: Literal["simple"] = "simple"

    def guess(self, known: Known, newest: "pd.DataFrame") -> Guess:
        step = -(-len(known.rows) // ROWS)
        features = list(known.features)
        model = _model(known.task)
        try:
            model.fit(known.rows[features].iloc[::step], known.y[::step])
            told = _told(known.task, model, newest[features])
        except Exception as error:
            raise TrainingError(f"the simple model of a baseline failed: {type(error).__name__}: {error}") from error
        name = "a logistic regression" if known.task == "classification" else "a ridge regression"
        return Guess(told, f"{name} on the same features")


def _told(task: Task, model: Any, rows: "pd.DataFrame") -> Any:
    if task == "regression":
        return model.predict(rows)
    return model.predict_proba(rows)[:, list(model.classes_).index(1)]


def _model(task: Task) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

    numbers = (SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler())
    texts = OneHotEncoder(max_categories=COMMON, handle_unknown="infrequent_if_exist", sparse_output=False)
    columns = ColumnTransformer(
        [
            ("numbers", make_pipeline(FunctionTransformer(_as_numbers), *numbers), _numbers),
            ("texts", make_pipeline(FunctionTransformer(_as_texts), texts), _texts),
            ("times", make_pipeline(FunctionTransformer(_as_calendar), *numbers), _times),
        ]
    )
    return make_pipeline(columns, LogisticRegression(max_iter=200) if task == "classification" else Ridge())


def _numbers(frame: "pd.DataFrame") -> list[str]:
    from pandas.api.types import is_numeric_dtype

    return [c for c in frame.columns if is_numeric_dtype(frame[c].dtype)]


def _times(frame: "pd.DataFrame") -> list[str]:
    from pandas.api.types import is_datetime64_any_dtype

    return [c for c in frame.columns if is_datetime64_any_dtype(frame[c].dtype)]


def _texts(frame: "pd.DataFrame") -> list[str]:
    others = {*_numbers(frame), *_times(frame)}
    return [c for c in frame.columns if c not in others]


def _as_numbers(frame: "pd.DataFrame") -> Any:
    import numpy

    numbers = frame.to_numpy("float64", na_value=numpy.nan)
    return numpy.where(numpy.isfinite(numbers), numbers, numpy.nan)


def _as_texts(frame: "pd.DataFrame") -> Any:
    return frame.astype(object).where(frame.notna(), "missing").astype(str)


def _as_calendar(frame: "pd.DataFrame") -> Any:
    import numpy

    return numpy.column_stack([part for c in frame for part in (frame[c].dt.hour, frame[c].dt.dayofweek)]).astype(float)
