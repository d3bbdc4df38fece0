"""A sensible estimator for any table, used when the owner of a pipeline writes none."""

from typing import TYPE_CHECKING, Any

from ml.metrics import Task

if TYPE_CHECKING:
    import pandas as pd


# the trees look for splits in a sample of 200,000 rows and fail on a column that has no value there
SCARCE = 1e-4
TREES = 200


def estimator(seed: int, task: Task = "classification") -> Any:
    """Boosted trees on whatever columns there are; unfitted.

    Texts become the smoothed mean of the label for each value (Micci-Barreca 2001), so that a column of a million ids
    is as welcome as one of three colours; a value that was never seen gets the overall mean. A time becomes
    a time of day and a weekday. Numbers and booleans pass. Nothing needs to be filled in: the trees have a
    branch for missing values.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.model_selection import KFold, StratifiedKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, TargetEncoder

    binary = task == "classification"
    folds = (StratifiedKFold if binary else KFold)(5, shuffle=True, random_state=seed)
    means = TargetEncoder(target_type="binary" if binary else "continuous", cv=folds)
    texts = make_pipeline(FunctionTransformer(as_texts), means)
    columns = ColumnTransformer(
        [
            ("texts", texts, text_columns),
            ("times", FunctionTransformer(as_calendar), time_columns),
            ("numbers", FunctionTransformer(as_numbers), number_columns),
        ]
    )
    trees = HistGradientBoostingClassifier if binary else HistGradientBoostingRegressor
    # "auto" would hold rows out above 10,000 rows only: the same recipe must not mean two things
    return make_pipeline(columns, trees(learning_rate=0.05, max_iter=TREES, early_stopping=False, random_state=seed))


def text_columns(frame: "pd.DataFrame") -> list[str]:
    """The columns with some value that are neither numbers nor times."""
    return [c for c in frame.columns if not (_is_time(frame[c]) or _is_number(frame[c])) and frame[c].notna().any()]


def time_columns(frame: "pd.DataFrame") -> list[str]:
    """The columns of points in time that are not all but empty."""
    return [c for c in frame.columns if _is_time(frame[c]) and frame[c].notna().mean() >= SCARCE]


def number_columns(frame: "pd.DataFrame") -> list[str]:
    """The columns of numbers, booleans and durations that are not all but empty."""
    import numpy

    return [
        c for c in frame.columns if _is_number(frame[c]) and numpy.isfinite(as_numbers(frame[[c]])).mean() >= SCARCE
    ]


def _is_time(column: "pd.Series[Any]") -> bool:
    from pandas.api.types import is_datetime64_any_dtype

    return is_datetime64_any_dtype(column.dtype)


def _is_number(column: "pd.Series[Any]") -> bool:
    from pandas.api.types import is_numeric_dtype, is_timedelta64_dtype

    return is_numeric_dtype(column.dtype) or is_timedelta64_dtype(column.dtype)


def as_texts(frame: "pd.DataFrame") -> Any:
    """Every value as text, missing ones as None: mixed types in one column do no harm."""
    import numpy

    return numpy.where(frame.isna().to_numpy(), None, frame.astype(object).astype(str).to_numpy())  # type: ignore[call-overload]


def as_calendar(frame: "pd.DataFrame") -> Any:
    """Two numbers for each time: hour of the day with its fraction, and weekday from Monday = 0.

    The date itself is left out: every later row would fall behind the last one that was seen, and get its rate.
    """
    import numpy
    import pandas as pd

    parts = []
    for column in frame.columns:
        moment = pd.to_datetime(frame[column], errors="coerce").dt.tz_localize(None)
        parts += [(moment - moment.dt.normalize()) / pd.Timedelta(hours=1), moment.dt.dayofweek]
    return numpy.column_stack([numpy.asarray(part, dtype="float64") for part in parts])


def as_calendar_plain(columns: list[Any]) -> Any:
    """The same from arrays of datetime64[us], for a single request."""
    import numpy

    parts = []
    for moments in columns:
        days = moments.astype("datetime64[D]")
        hours = (moments - days).astype("timedelta64[ns]") / numpy.timedelta64(1, "h")
        weekdays = ((days.astype("int64") + 3) % 7).astype("float64")
        weekdays[numpy.isnat(moments)] = numpy.nan
        parts += [hours, weekdays]
    return numpy.column_stack(parts)


def as_numbers(frame: "pd.DataFrame") -> Any:
    """Every value as a float, durations in seconds; what is no finite number counts as missing."""
    import numpy
    import pandas as pd
    from pandas.api.types import is_timedelta64_dtype

    def floats(column: "pd.Series[Any]") -> Any:
        if is_timedelta64_dtype(column.dtype):
            return column.dt.total_seconds().to_numpy("float64")
        return pd.to_numeric(column, errors="coerce").to_numpy("float64", na_value=numpy.nan)

    numbers = numpy.column_stack([floats(frame[column]) for column in frame.columns])
    return numpy.where(numpy.isfinite(numbers), numbers, numpy.nan)


def as_numbers_plain(columns: list[Any]) -> Any:
    """The same from arrays of numbers and truths."""
    import numpy

    numbers = numpy.column_stack([column.astype("float64") for column in columns])
    return numpy.where(numpy.isfinite(numbers), numbers, numpy.nan)
