import numpy
import pytest

from ml import figures
from ml.contrast import MOST_FEATURES, of_roles, what_they_lean_on
from ml.records import Importance

pytestmark = pytest.mark.integration

RNG = numpy.random.default_rng(0)
P = {"champion": RNG.random(300), "challenger": RNG.random(300)}


def leaned(feature, role="challenger", worse_by=0.1):
    return Importance(feature=feature, role=role, metric="log_loss", worse_by=worse_by, spread=(0.0, worse_by + 0.1))


def test_two_roles_are_drawn_against_each_other():
    drawn = of_roles(P, [leaned("temp"), leaned("temp", "champion")])
    assert set(drawn) == {"agreement.png", "importances.png"}
    assert all(figures.png(figure).startswith(b"\x89PNG") for figure in drawn.values())


def test_without_a_champion_there_is_nothing_to_agree_with():
    assert set(of_roles({"challenger": P["challenger"]}, [leaned("temp")])) == {"importances.png"}


def test_a_prediction_that_is_no_number_is_not_drawn():
    assert of_roles({**P, "champion": numpy.full(300, numpy.nan)}, []) == {}


def test_of_very_many_features_those_that_matter_are_drawn():
    axes = what_they_lean_on([leaned(f"f{n}", worse_by=1 / (n + 1)) for n in range(40)]).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == [f"f{n}" for n in range(MOST_FEATURES)]


def test_the_picture_says_how_far_the_predictions_lie_apart():
    drawn = of_roles({"champion": numpy.full(10, 0.5), "challenger": numpy.full(10, 0.625)}, [])
    assert "0.125" in drawn["agreement.png"].axes[0].get_title(loc="left")
