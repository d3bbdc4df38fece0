"""What each field contributed: held against the definition, coalition by coalition."""

from datetime import datetime, timedelta
from itertools import combinations
from math import factorial

import numpy as np
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, PolynomialFeatures

from ml.compiled.contributions import Explainer
from ml.compiled.encoding import arrays, frame
from ml.compiled.predictor import predictor
from ml.pipelines import flight_delays
from tests.ml.serving import flights

RNG = np.random.default_rng(0)
KINDS = {"at": "datetime", "a": "double", "b": "double", "c": "double"}
ROWS = [
    {
        "at": datetime(2013, 6, 1) + timedelta(seconds=int(s)),
        "a": float(a) if a > -1 else None,
        "b": float(b),
        "c": float(c),
    }
    for s, a, b, c in zip(RNG.integers(0, 10**6, 400), *RNG.normal(size=(3, 400)), strict=True)
]
TABLE = frame(arrays(KINDS, ROWS))
Y = TABLE["a"].fillna(3) * TABLE["b"] + TABLE["at"].dt.hour / 6


def fitted(trees, y, *parts):
    columns = ColumnTransformer(
        [("clock", FunctionTransformer(flight_delays.as_clock), ["at"]), *parts],
        remainder=FunctionTransformer(flight_delays.as_floats),
    )
    return make_pipeline(columns, trees).fit(TABLE, y)


def small(kind, **options):
    return kind(max_iter=4, max_leaf_nodes=7, min_samples_leaf=5, early_stopping=False, random_state=0, **options)


MODELS = {
    "log-odds": ("classification", fitted(small(HistGradientBoostingClassifier), (Y > 0).astype(int))),
    "value": ("regression", fitted(small(HistGradientBoostingRegressor), Y)),
    "log of the value": ("regression", fitted(small(HistGradientBoostingRegressor, loss="poisson"), Y.abs())),
}


def explainer(task, model):
    return Explainer(predictor(model, task, tuple(KINDS.items()), ROWS[:16]), ROWS[:16])


def expected(tree, x, known, columns):
    """What a tree expects of a row of which these columns are known, by the definition."""

    def at(node):
        if node["is_leaf"]:
            return node["value"]
        left, right = tree.nodes[node["left"]], tree.nodes[node["right"]]
        if columns[node["feature_idx"]] in known:
            value = x[node["feature_idx"]]
            goes = node["missing_go_to_left"] if np.isnan(value) else value <= node["num_threshold"]
            return at(left if goes else right)
        return (left["count"] * at(left) + right["count"] * at(right)) / node["count"]

    return at(tree.nodes[0])


@pytest.mark.parametrize("scale", MODELS)
def test_they_are_the_shapley_values_of_the_trees(scale):
    task, model = MODELS[scale]
    names, columns = list(KINDS), ["at", "at", "a", "b", "c"]
    trees = [iteration[0] for iteration in model[-1]._predictors]
    found = explainer(task, model).explain(ROWS[:5])
    for x, explanation in zip(model[0].transform(TABLE.iloc[:5]), found, strict=True):

        def worth(known, x=x):
            return sum(expected(tree, x, known, columns) for tree in trees)

        for name in names:
            others, total = [other for other in names if other != name], 0.0
            for size in range(len(names)):
                for known in combinations(others, size):
                    weight = factorial(size) * factorial(len(names) - size - 1) / factorial(len(names))
                    total += weight * (worth({*known, name}) - worth(set(known)))
            assert explanation.contributions[name] == pytest.approx(total, abs=1e-12)
        assert explanation.scale == scale


@pytest.mark.parametrize("scale", MODELS)
def test_base_and_contributions_are_the_answer(scale):
    task, model = MODELS[scale]
    found = explainer(task, model).explain(ROWS[:50])
    raw = model[-1]._raw_predict(model[0].transform(TABLE.iloc[:50]))[:, 0]
    for explanation, answer in zip(found, raw, strict=True):
        assert explanation.answer == answer
        assert explanation.base + sum(explanation.contributions.values()) == pytest.approx(answer, abs=1e-9)


def test_of_a_whole_model_of_flights_too():
    ready = flights.ready().prepared
    [explanation] = Explainer(ready.predictor, ready.background).explain(ready.background[:1])
    total = explanation.base + sum(explanation.contributions.values())
    assert explanation.method == "Shapley values of trees"
    assert set(explanation.contributions) == set(flights.PIPELINE.model.features)
    assert total == pytest.approx(explanation.answer, abs=1e-9)
    assert 1 / (1 + np.exp(-total)) == pytest.approx(flights.served().examples[0].answer)


@pytest.mark.parametrize("bias", [False, True])
def test_fields_that_share_a_column_are_explained_together(bias):
    products = (
        "products",
        make_pipeline(FunctionTransformer(flight_delays.as_floats), PolynomialFeatures(include_bias=bias)),
        ["a", "b"],
    )
    model = fitted(small(HistGradientBoostingClassifier), (Y > 0).astype(int), products)
    found = predictor(model, "classification", tuple(KINDS.items()), ROWS[:16])
    assert found.compiled, found.why
    [explanation] = Explainer(found, ROWS[:16]).explain(ROWS[:1])
    # the column that is 1 for every row is made of no field: there is nothing to name, so it is sampled
    assert explanation.method == ("sampled Shapley values" if bias else "Shapley values of trees")
    assert set(explanation.contributions) == (set(KINDS) if bias else {"a, b", "at", "c"})


def test_any_other_estimator_is_sampled_and_adds_up():
    from sklearn.linear_model import LinearRegression

    clock = ColumnTransformer([("floats", FunctionTransformer(flight_delays.as_floats), ["b", "c"])])
    model = make_pipeline(clock, LinearRegression()).fit(TABLE, TABLE["b"] * 2 - TABLE["c"])
    row = ROWS[3]
    [explanation] = explainer("regression", model).explain([row])
    assert explanation.scale == "value"
    assert explanation.base + sum(explanation.contributions.values()) == pytest.approx(explanation.answer)
    # of a sum each term is its distance from the background
    background = [ROWS[n % 16] for n in range(16)]
    assert explanation.contributions["b"] == pytest.approx(2 * (row["b"] - np.mean([r["b"] for r in background])))
    assert explanation.contributions["at"] == 0
    assert explainer("regression", model).explain([row]) == [explanation]


def test_the_largest_stands_first():
    document = explainer(*MODELS["value"]).explain(ROWS[:1])[0].document()
    sizes = [abs(value) for value in document["contributions"].values()]
    assert sizes == sorted(sizes, reverse=True)
