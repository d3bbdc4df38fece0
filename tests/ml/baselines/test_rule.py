import pytest
from pydantic import ValidationError

from ml.baselines import Rule
from ml.errors import TrainingError

pytestmark = pytest.mark.integration


def test_an_answer_predicts_what_rows_with_it_were_like_before(known):
    before, newest, _ = known()
    guess = Rule(expr="size > 0.3 AND town = 'Celle'").guess(before, newest)
    yes = (before.rows["size"] > 0.3) & (before.rows["town"] == "Celle")
    now = (newest["size"] > 0.3) & (newest["town"] == "Celle")
    assert guess.prediction[now] == pytest.approx(before.y[yes].mean())
    assert guess.prediction[~now] == pytest.approx(before.y[~yes].mean())


def test_bands_may_have_names(known):
    before, newest, _ = known("regression")
    guess = Rule(expr="CASE WHEN size > 1 THEN 'large' WHEN size > 0 THEN 'middle' ELSE 'small' END")
    means = set(guess.guess(before, newest).prediction.round(9))
    assert len(means) == 3


def test_numbers_are_the_prediction_itself(known):
    before, newest, _ = known(planned=0.25)
    assert (Rule(expr="planned").guess(before, newest).prediction == 0.25).all()
    before, newest, _ = known("regression")
    assert Rule(expr="size * 3").guess(before, newest).prediction == pytest.approx(newest["size"] * 3)


def test_a_number_that_is_no_probability_is_refused(known):
    before, newest, _ = known(planned=7.0)
    with pytest.raises(TrainingError, match="'planned' gives 7 to 7, not probabilities from 0 to 1"):
        Rule(expr="planned").guess(before, newest)


def test_null_and_an_answer_that_was_never_given_predict_the_overall_mean(known):
    before, newest, _ = known()
    newest = newest.assign(town=[None, "Trier"] * 100)
    guess = Rule(expr="town").guess(before, newest)
    assert guess.prediction == pytest.approx(before.middle)
    empty, newest, _ = known(planned=float("nan"))
    assert Rule(expr="planned").guess(empty, newest).prediction == pytest.approx(empty.middle)


def test_a_column_that_is_missing_is_named(known):
    before, newest, _ = known()
    with pytest.raises(TrainingError, match="needs the columns rain"):
        Rule(expr="rain > 1").guess(before, newest)


@pytest.mark.parametrize(("expr", "said"), [("size >", "not an expression"), ("1 = 1", "names no column")])
def test_what_is_no_expression_is_refused_when_it_is_read(expr, said):
    with pytest.raises(ValidationError, match=said):
        Rule(expr=expr)


def test_an_expression_that_does_not_fit_the_columns_is_a_sentence(known):
    before, newest, _ = known()
    with pytest.raises(TrainingError, match="cannot be computed"):
        Rule(expr="town + at").guess(before, newest)
