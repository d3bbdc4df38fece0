"""Will a flight arrive more than 15 minutes late? Boosted trees on its schedule, its aircraft and the weather."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

TIME = ["sched_dep"]
TEXTS = ["carrier", "origin", "dest"]
MISSING = -1e6  # far below every value of every column, so one split tells it apart


def estimator(seed: int) -> Any:
    """A pipeline of an ordinal encoder, clock features and boosted trees; unfitted.

    Texts become code numbers, unknown ones -1; the trees split codes as well as categories here, and faster. Measured
    on six fortnights of 2013, each after a fit on all days before it: log-loss 0.493, ROC AUC 0.720.
    """
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OrdinalEncoder

    columns = ColumnTransformer(
        [
            ("clock", FunctionTransformer(as_clock), TIME),
            ("codes", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), TEXTS),
        ],
        remainder=FunctionTransformer(as_floats),
    )
    trees = HistGradientBoostingClassifier(
        learning_rate=0.1,
        max_iter=100,
        min_samples_leaf=200,
        l2_regularization=1.0,
        max_bins=128,
        # the default holds rows out above 10,000 rows only: one recipe must not mean two things
        early_stopping=False,
        random_state=seed,
    )
    return make_pipeline(columns, trees)


def as_clock(frame: "pd.DataFrame") -> Any:
    """Minute of the day and weekday (Monday = 0) of the one column of local timestamps."""
    import numpy

    moments = frame.iloc[:, 0].dt
    return _filled(numpy.column_stack([moments.hour * 60 + moments.minute, moments.dayofweek]).astype("float64"))


def as_clock_plain(columns: list[Any]) -> Any:
    """The same from one array of datetime64[us], for a single request: without pandas it takes a tenth of the time."""
    import numpy

    minutes = columns[0].astype("datetime64[m]").astype("int64")
    clock = numpy.column_stack([minutes % 1440, (minutes // 1440 + 3) % 7]).astype("float64")
    clock[numpy.isnat(columns[0])] = MISSING
    return clock


def as_floats(frame: "pd.DataFrame") -> Any:
    """Every number as a float; what is no finite one counts as missing."""
    import numpy

    return _filled(frame.to_numpy("float64", na_value=numpy.nan))


def as_floats_plain(columns: list[Any]) -> Any:
    """The same from arrays of numbers."""
    import numpy

    return _filled(numpy.column_stack(columns).astype("float64"))


def _filled(numbers: Any) -> Any:
    import numpy

    # the trees' own branch for missing values cannot be fitted on a column that has no value at all
    return numpy.where(numpy.isfinite(numbers), numbers, MISSING)
