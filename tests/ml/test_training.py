import subprocess
import sys

import numpy
import pandas
import pytest

from ml import model_file, training
from ml.errors import ConfigError, TrainingError

pytestmark = pytest.mark.integration


def probabilities(model, frame):
    return training.predict(model.task, training.fit(model, frame), frame)


def test_what_is_learned_is_better_than_a_guess(model, table):
    p, y = probabilities(model(), table()), table()["late"]
    assert p[y == 1].mean() > p[y == 0].mean() + 0.3


def test_a_regression_predicts_numbers(model, table):
    regression = model(task="regression", label="delay")
    assert abs(probabilities(regression, table()) - table()["delay"]).mean() < 2


def test_the_same_rows_and_seed_give_the_same_model(model, table):
    one, two = (training.fit(model(), table()) for _ in range(2))
    probe = training.example(model(), table())
    assert model_file.probe_digest(one, probe) == model_file.probe_digest(two, probe)
    assert model_file.digest(one) == model_file.digest(two)


def test_another_seed_is_another_model(model, table):
    one, two = (probabilities(model(seed=seed), table()) for seed in (0, 1))
    assert (one != two).any()


def test_rows_without_a_label_are_not_used(model, table):
    frame = table().astype({"late": "float64"})
    more = pandas.concat([frame, table(seed=1).assign(late=numpy.nan)])
    fitted = training.fit(model(), more)
    assert (training.predict("classification", fitted, frame) == probabilities(model(), frame)).all()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"late": None}, "none of the 600 rows has a label in 'late'"),
        ({"late": 1}, "all 600 labels in 'late' are 1; both 0 and 1 are needed"),
        ({"late": 2}, "600 of 600 labels in 'late' are not 0 or 1, for example"),
        ({"late": "yes"}, "600 of 600 labels in 'late' are not 0 or 1, for example 'yes'"),
    ],
)
def test_labels_that_teach_nothing_are_refused(model, table, change, sentence):
    with pytest.raises(TrainingError, match=sentence):
        training.fit(model(), table().assign(**change))


def test_no_rows_at_all_are_refused(model, table):
    with pytest.raises(TrainingError, match="none of the 0 rows has a label"):
        training.fit(model(), table().head(0))


def test_an_infinite_number_is_no_label(model, table):
    with pytest.raises(TrainingError, match="1 of 600 labels in 'delay' are not finite numbers, for example inf"):
        training.fit(model(task="regression", label="delay"), table().assign(delay=[numpy.inf] + [1.0] * 599))


def test_all_missing_columns_are_named(model, table):
    with pytest.raises(TrainingError, match=r"feature columns size, town are missing; there are at, delay, late"):
        training.fit(model(), table().drop(columns=["size", "town"]))
    with pytest.raises(TrainingError, match="label column 'late' is missing"):
        training.fit(model(), table().drop(columns=["late"]))


def test_a_prediction_needs_the_columns_that_were_fitted(model, table):
    fitted = training.fit(model(), table())
    with pytest.raises(TrainingError, match="feature columns town are missing"):
        training.predict("classification", fitted, table().drop(columns=["town"]))


def test_the_probability_is_that_of_1_whatever_the_order(model, table):
    frame = table()[["late", "town", "size", "at"]]
    assert (
        training.predict("classification", training.fit(model(), table()), frame) == probabilities(model(), table())
    ).all()


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("ml.pipelines.nowhere:build", "there is no module ml.pipelines.nowhere"),
        ("ml.pipelines.default:estimater", "ml.pipelines.default has no function estimater; did you mean estimator?"),
        ("ml.pipelines.default:SCARCE", "has no function SCARCE"),
        ("ml.pipelines.default:as_texts", "as_texts takes no argument named seed"),
    ],
)
def test_a_wrong_path_is_a_sentence(model, path, sentence):
    with pytest.raises(ConfigError, match=sentence):
        training.build(model(estimator=path))


def test_an_estimator_must_predict_what_the_task_needs(model, monkeypatch):
    from sklearn.linear_model import Ridge

    from ml.pipelines import default

    monkeypatch.setattr(default, "ridge", lambda seed: Ridge(random_state=seed), raising=False)
    with pytest.raises(TrainingError, match="gave a Ridge without predict_proba; a classification model needs it"):
        training.build(model(estimator="ml.pipelines.default:ridge"))


def test_an_owners_failing_function_is_named(model, monkeypatch):
    from ml.pipelines import default

    monkeypatch.setattr(default, "broken", lambda seed: 1 / 0, raising=False)
    with pytest.raises(TrainingError, match=r"default:broken failed with ZeroDivisionError: division by zero"):
        training.build(model(estimator="ml.pipelines.default:broken"))


def test_what_the_estimator_raises_becomes_a_sentence(model, table):
    with pytest.raises(TrainingError, match="could not be fitted on 600 rows of 1 features: ValueError"):
        training.fit(model(features=["size"]), table().assign(size=numpy.nan))


def test_the_recipe_changes_with_all_that_makes_the_model(model, monkeypatch):
    from ml.pipelines import default

    recipes = [
        training.recipe(m)
        for m in (
            model(),
            model(seed=1),
            model(features=["size"]),
            model(label="other"),
            model(task="regression"),
            model(estimator="ml.pipelines.flight_delays:estimator"),
        )
    ]
    monkeypatch.setattr(
        default,
        "SLOW",
        lambda seed: default.estimator(seed).set_params(histgradientboostingclassifier__learning_rate=0.01),
        raising=False,
    )
    recipes.append(training.recipe(model(estimator="ml.pipelines.default:SLOW")))
    assert len(set(recipes)) == len(recipes)


def test_the_recipe_is_the_same_in_another_process(model, monkeypatch):
    monkeypatch.undo()
    code = (
        "from ml import training; from ml.config import Model;"
        "print(training.recipe(Model(label='late', features=('at', 'size', 'town'))))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == training.recipe(model()) == training.recipe(model())


def test_the_example_is_a_few_rows_spread_over_the_frame(model, table):
    example = training.example(model(), table(rows=1000))
    assert list(example.columns) == ["at", "size", "town"]
    assert list(example.index[:3]) == [0, 5, 10]
    assert len(example) == 200
