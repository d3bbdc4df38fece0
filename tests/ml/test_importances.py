import pytest

from ml import training
from ml.importances import importances

pytestmark = pytest.mark.integration


@pytest.fixture
def scene(model, table):
    rows = table(rows=900)
    fitted = training.fit(model(), rows)
    return rows, rows["late"].to_numpy(), fitted


def by_feature(found, role="challenger"):
    return {each.feature: each for each in found if each.role == role}


def test_a_feature_that_tells_the_label_matters_most(scene):
    rows, y, fitted = scene
    found = importances("classification", "log_loss", y, {"challenger": (fitted, rows)})
    assert found[0].feature == "size"
    assert found[0].worse_by > 0.1
    assert found[0].spread[0] <= found[0].worse_by <= found[0].spread[1]


def test_a_metric_where_higher_is_better_points_the_same_way(scene):
    rows, y, fitted = scene
    assert importances("classification", "roc_auc", y, {"challenger": (fitted, rows)})[0].worse_by > 0.1


def test_two_equal_models_lean_on_the_same(scene):
    rows, y, fitted = scene
    found = importances("classification", "log_loss", y, {"challenger": (fitted, rows), "champion": (fitted, rows)})
    one, other = by_feature(found), by_feature(found, "champion")
    assert {name: each.worse_by for name, each in one.items()} == {n: each.worse_by for n, each in other.items()}


def test_a_model_with_other_features_is_told_of_its_own(scene, model):
    rows, y, fitted = scene
    older = training.fit(model(features=("size",)), rows)
    found = importances("classification", "log_loss", y, {"challenger": (fitted, rows), "champion": (older, rows)})
    assert set(by_feature(found, "champion")) == {"size"}
    assert set(by_feature(found)) == {"at", "size", "town"}


def test_rows_of_one_class_have_no_area_and_so_no_importance(scene):
    rows, y, fitted = scene
    assert importances("classification", "roc_auc", y[y == 1], {"challenger": (fitted, rows[y == 1])}) == ()


def test_asking_again_gives_the_same(scene):
    rows, y, fitted = scene
    assert importances("classification", "log_loss", y, {"challenger": (fitted, rows)}) == importances(
        "classification", "log_loss", y, {"challenger": (fitted, rows)}
    )
