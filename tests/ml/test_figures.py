import numpy
import pytest

from ml import figures

pytestmark = pytest.mark.integration

RNG = numpy.random.default_rng(0)
Y = (RNG.random(400) < 0.3).astype("int64")
P = {
    "challenger": numpy.clip(Y * 0.3 + RNG.random(400) * 0.6, 0, 1),
    "champion": RNG.random(400),
    "baseline": numpy.full(400, 0.3),
}


def is_png(figure):
    return figures.png(figure).startswith(b"\x89PNG")


def test_a_classification_has_three_figures():
    drawn = figures.of_evaluation("classification", Y, P)
    assert set(drawn) == {"confusion_matrix.png", "calibration.png", "roc_pr.png"}
    assert all(map(is_png, drawn.values()))


def test_a_regression_shows_its_errors():
    y = RNG.normal(size=400)
    drawn = figures.of_evaluation("regression", y, {"challenger": y + 0.1, "baseline": numpy.zeros(400)})
    assert list(drawn) == ["residuals.png"]
    assert is_png(drawn["residuals.png"])


def test_the_confusion_matrix_counts_every_row():
    texts = [
        t.get_text()
        for t in figures.confusion_matrix(numpy.array([0, 0, 1]), numpy.array([0.1, 0.9, 0.8])).axes[0].texts
    ]
    assert [t.splitlines()[0] for t in texts] == ["1", "1", "0", "1"]


def test_the_curves_name_every_role_with_its_area():
    labels = [line.get_label() for line in figures.roc_pr(Y, P).axes[0].lines]
    assert labels[2] == "baseline, area 0.500"
    assert [label.split(",")[0] for label in labels] == ["challenger", "champion", "baseline"]


@pytest.mark.parametrize("only", [0, 1])
def test_rows_of_one_class_have_a_figure_that_says_so(only):
    figure = figures.roc_pr(numpy.full(400, only), P)
    assert figure.get_suptitle() == f"all 400 held-out labels are {only}: no curve"
    assert is_png(figures.calibration(numpy.full(400, only), P))


def test_a_role_that_predicted_no_number_is_not_drawn():
    odd = P | {"champion": numpy.full(400, numpy.nan)}
    labels = figures.of_evaluation("classification", Y, odd)["roc_pr.png"].axes[0].get_legend_handles_labels()[1]
    assert [label.split(",")[0] for label in labels] == ["challenger", "baseline"]
    assert figures.of_evaluation("classification", Y, P | {"challenger": odd["champion"]}) == {}


def test_the_precision_of_a_baseline_is_the_share_of_ones():
    baseline = figures.roc_pr(Y, P).axes[1].lines[2]
    assert list(baseline.get_ydata()) == [Y.mean(), Y.mean()]
