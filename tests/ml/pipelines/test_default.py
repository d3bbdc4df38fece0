import numpy
import pandas
import pytest

from ml import training

pytestmark = pytest.mark.integration

ROWS = 300


@pytest.fixture
def zoo():
    """A column of every kind that a table may have, most of them with something wrong."""
    rng = numpy.random.default_rng(0)
    third = ROWS // 3
    frame = pandas.DataFrame(
        {
            "number": rng.normal(size=ROWS),
            "holes": numpy.where(rng.random(ROWS) < 0.3, numpy.nan, 1.5),
            "whole": rng.integers(0, 9, ROWS),
            "nullable": pandas.array([1, None, 3] * third, dtype="Int64"),
            "infinite": [numpy.inf, 1.0, 2.0] * third,
            "constant": 7,
            "nothing": None,
            "nan": numpy.nan,
            "switch": rng.random(ROWS) < 0.5,
            "perhaps": [True, None, False] * third,
            "text": rng.choice(["a", "b", None], ROWS),
            "mixed": [1, "x", None] * third,
            "category": pandas.Categorical(rng.choice(list("xyz"), ROWS)),
            "identity": [f"id{n}" for n in range(ROWS)],
            "moment": pandas.date_range("2013", periods=ROWS, freq="h"),
            "zoned": pandas.date_range("2013", periods=ROWS, freq="h", tz="America/New_York"),
            "never": pandas.Series([pandas.NaT] * ROWS, dtype="datetime64[ns]"),
            "lasting": pandas.to_timedelta(rng.random(ROWS) * 1e5, unit="s"),
        }
    )
    delay = frame["number"] * 3 + rng.normal(size=ROWS)
    return frame.assign(delay=delay, late=(delay > 0).astype("int64"))


@pytest.fixture
def of_the_zoo(model, zoo):
    def of(task):
        features = [c for c in zoo.columns if c not in ("delay", "late")]
        return model(task=task, label="late" if task == "classification" else "delay", features=features)

    return of


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_any_table_is_learned(task, of_the_zoo, zoo):
    fitted = training.fit(of_the_zoo(task), zoo)
    assert numpy.corrcoef(training.predict(task, fitted, zoo), zoo["delay"])[0, 1] > 0.7


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_rows_unlike_any_before_are_predicted(task, of_the_zoo, zoo):
    fitted = training.fit(of_the_zoo(task), zoo)
    odd = zoo.head(20).assign(
        text="unseen", category="unseen", identity=None, switch=None, number=None, moment="2013-05-01", nothing="some"
    )
    assert numpy.isfinite(training.predict(task, fitted, odd)).all()
    assert numpy.isfinite(training.predict(task, fitted, odd.head(1))).all()


@pytest.mark.parametrize("column", ["constant", "identity", "holes", "moment", "perhaps"])
def test_a_single_column_is_enough(column, model, zoo):
    fitted = training.fit(model(features=[column]), zoo)
    assert numpy.isfinite(training.predict("classification", fitted, zoo)).all()


def test_a_time_becomes_hour_and_weekday(zoo):
    from ml.pipelines.default import as_calendar

    times = pandas.DataFrame({"at": pandas.to_datetime(["2013-01-01 06:30", "2013-01-06 00:00", None])})
    expected = [[6.5, 1], [0, 6], [numpy.nan, numpy.nan]]
    assert numpy.array_equal(as_calendar(times), expected, equal_nan=True)


def test_a_local_time_keeps_its_hour():
    from ml.pipelines.default import as_calendar

    times = pandas.DataFrame({"at": pandas.to_datetime(["2013-07-01 06:30"]).tz_localize("America/New_York")})
    assert as_calendar(times)[0, 0] == 6.5


def test_what_is_no_number_counts_as_missing():
    from ml.pipelines.default import as_numbers

    odd = pandas.DataFrame({"a": [1, None, "x", numpy.inf, True]}, dtype=object)
    assert numpy.array_equal(as_numbers(odd)[:, 0], [1, numpy.nan, numpy.nan, numpy.nan, 1], equal_nan=True)


def test_texts_of_mixed_types_are_told_apart_from_missing_ones():
    from ml.pipelines.default import as_texts

    assert as_texts(pandas.DataFrame({"a": [1, "x", None]})).tolist() == [["1"], ["x"], [None]]
