"""Boosted trees in one call: to the last bit what scikit-learn adds up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor, RandomForestClassifier

from ml.compiled.forest import CannotCompile, Forest

RNG = np.random.default_rng(0)
X = RNG.normal(size=(800, 5))
X[:, 4] = RNG.integers(0, 12, 800)
X[RNG.random(X.shape) < 0.1] = np.nan
Y = np.nan_to_num(X[:, 0]) + np.nan_to_num(X[:, 4]) % 3


def fitted(kind=HistGradientBoostingClassifier, y=None, **options):
    y = (np.median(Y) < Y).astype(int) if y is None else y
    return kind(max_iter=37, early_stopping=False, min_samples_leaf=5, random_state=0, **options).fit(X, y)


MODELS = {
    "two classes": fitted(),
    "a number": fitted(HistGradientBoostingRegressor, Y),
    "counts": fitted(HistGradientBoostingRegressor, np.abs(Y), loss="poisson"),
    "as many bins as there may be": fitted(HistGradientBoostingRegressor, Y, max_bins=255, max_leaf_nodes=None),
    "one tree": HistGradientBoostingClassifier(max_iter=1, early_stopping=False).fit(X, Y > 1),
    "constant trees": HistGradientBoostingRegressor(max_iter=3, min_samples_leaf=500, early_stopping=False).fit(X, Y),
}


FORESTS = {id(model): Forest.of(model) for model in MODELS.values()}


def asked(model, x):
    return model.predict_proba(x)[:, 1] if hasattr(model, "classes_") else model.predict(x)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("rows", [1, 2, 100])
def test_the_numbers_are_the_same_to_the_last_bit(name, rows):
    forest = FORESTS[id(MODELS[name])]
    for start in range(0, 300, rows if rows > 10 else 37):
        x = X[start : start + rows]
        assert (forest.answers(x) == asked(MODELS[name], x)).all()


ANY = st.floats(allow_nan=True, allow_infinity=True)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(ANY, ANY, ANY, ANY, ANY), min_size=1, max_size=3))
def test_they_are_the_same_for_any_numbers(rows):
    x = np.array(rows, dtype="float64")
    for model in MODELS.values():
        trees = model._raw_predict.__func__(model, np.where(np.isinf(x), 1e300 * np.sign(x), x))[:, 0]
        assert (FORESTS[id(model)].raw(np.where(np.isinf(x), 1e300 * np.sign(x), x)) == trees).all()


def test_a_value_at_which_a_tree_splits_goes_where_it_goes_in_scikit_learn():
    for model in MODELS.values():
        forest = FORESTS[id(model)]
        for column, values in enumerate(forest.splits):
            near = np.concatenate([[0.0], values, np.nextafter(values, -np.inf), np.nextafter(values, np.inf)])
            x = np.repeat(X[:1], len(near), axis=0)
            x[:, column] = np.nan_to_num(near)
            assert (forest.answers(x) == asked(model, x)).all()


def test_categories_that_the_trees_split_by_sets_are_not_compiled():
    with pytest.raises(CannotCompile, match="the trees encode categories themselves"):
        Forest.of(fitted(categorical_features=[4]))


def test_three_classes_are_not_compiled():
    with pytest.raises(CannotCompile, match="3 classes are more than two"):
        Forest.of(fitted(y=np.digitize(Y, [0, 1])))


def test_other_estimators_are_not_compiled():
    with pytest.raises(CannotCompile, match="RandomForestClassifier is no histogram-boosted ensemble"):
        Forest.of(RandomForestClassifier(2).fit(np.nan_to_num(X), Y > 1))
