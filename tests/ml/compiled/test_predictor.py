"""A compiled model gives what the estimator gives, or it does not serve."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml import golden, training
from ml.compiled.encoding import arrays, frame
from ml.compiled.predictor import predictor
from ml.golden import typed
from tests.ml.serving import flights


def made(estimator, inputs=flights.INPUTS, task="classification"):
    return predictor(estimator, task, inputs, [typed(inputs, e.row) for e in flights.served().examples])


READY = flights.ready().prepared.predictor


def any_value(name):
    """What the contract allows in a field, and some that it does not: whatever comes, both say the same."""
    rule = flights.PIPELINE.contract.columns[name]
    if rule.type == "string":
        return st.sampled_from(["EWR", "JFK", "UA", "B6", "ZZ", "", "é"]) | st.none()
    if rule.type == "datetime":
        from datetime import datetime

        return st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31))
    return st.floats(allow_nan=False, allow_infinity=False) | st.none()


ROWS = st.lists(
    st.fixed_dictionaries({name: any_value(name) for name in flights.PIPELINE.model.features}), min_size=1, max_size=20
)


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_it_gives_what_the_estimator_gives_to_the_last_bit(rows):
    assert READY.compiled
    asked = training.predict("classification", flights.estimator(1), frame(arrays(dict(flights.INPUTS), rows)))
    assert (READY.answers(rows) == asked).all()


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_the_default_estimator_is_compiled(task):
    from ml.pipelines import default

    table, names = flights.table().assign(label=flights.table()["late"] * 1.0), flights.PIPELINE.model.features
    model = default.estimator(0, task).set_params(**{f"histgradientboosting{ending(task)}__max_iter": 20})
    model.fit(table[list(names)], table["label"])
    found = made(model, task=task)
    assert found.compiled, found.why
    rows = [typed(flights.INPUTS, e.row) for e in flights.served().examples]
    assert (found.answers(rows) == training.predict(task, model, frame(arrays(found.kinds, rows)))).all()


def ending(task):
    return "classifier" if task == "classification" else "regressor"


def test_an_estimator_that_cannot_be_compiled_answers_as_it_is():
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    from ml.pipelines.flight_delays import as_floats

    columns = ColumnTransformer([("n", FunctionTransformer(as_floats), ["distance", "temp"])])
    x, y = flights.table()[list(flights.PIPELINE.model.features)], flights.table()["late"].astype(int)
    model = make_pipeline(columns, LogisticRegression()).fit(x, y)
    found = made(model)
    assert found.why == "LogisticRegression is no histogram-boosted ensemble of scikit-learn"
    rows = [typed(flights.INPUTS, e.row) for e in flights.served().examples]
    assert (found.answers(rows) == model.predict_proba(frame(arrays(found.kinds, rows)))[:, 1]).all()


def test_a_compiled_model_that_is_off_on_a_golden_request_does_not_serve(monkeypatch):
    from ml.pipelines import flight_delays

    right = flight_delays.as_clock_plain
    monkeypatch.setattr(flight_delays, "as_clock_plain", lambda columns: right(columns) + 700)
    found = made(flights.estimator(1))
    assert not found.compiled
    assert found.why.startswith("compiled and asked together, it is off by up to")


def test_a_scikit_learn_of_another_shape_is_no_reason_to_fail(monkeypatch):
    from ml.compiled import forest

    monkeypatch.setattr(forest, "_ranked", lambda nodes, splits: nodes.no_such_attribute)
    found = made(flights.estimator(1))
    assert not found.compiled
    assert "no_such_attribute" in found.why


def test_without_golden_requests_nothing_is_compiled():
    assert not predictor(flights.estimator(1), "classification", flights.INPUTS, []).compiled


def test_the_golden_answers_come_out():
    examples = flights.served().examples
    answers = READY.answers([typed(flights.INPUTS, e.row) for e in examples])
    assert golden.objection(answers.tolist(), examples) is None
    assert (answers == np.array([e.answer for e in examples])).all()
