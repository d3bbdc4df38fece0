import pytest
from pydantic import ValidationError

from ml.approval import HumanIf
from ml.occasions import Case
from ml.records import Decision
from tests.judged import judged


def first():
    from datetime import date

    day = date(2013, 1, 31)
    evaluation = judged(day, pipeline="p", rows=1, scores=())
    return Case(evaluation, Decision(pipeline="p", day=day, retrain=True), ("a",), 28)


def test_a_person_is_asked_for_each_occasion_that_is_there():
    reasons = HumanIf(occasions=["first_model", "worse", "drift"]).reasons(first())
    assert reasons == ("it is the first model: nothing is in Production to compare it with",)
    assert HumanIf(occasions=["drift"]).reasons(first()) == ()


@pytest.mark.parametrize("occasions", [[], ["worst"]])
def test_an_occasion_must_be_named_and_known(occasions):
    with pytest.raises(ValidationError):
        HumanIf(occasions=occasions)
