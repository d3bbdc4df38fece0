import pytest
from pydantic import ValidationError

from ml.features import Aggregate, FeaturePlan

RATE = {"by": ["town"], "of": "late", "over": "3d", "known_after": "landed"}


def test_equal_definitions_have_one_digest_and_others_another():
    one = Aggregate.model_validate(RATE)
    assert one.digest == Aggregate.model_validate(RATE | {"over": "72h"}).digest
    others = [{"over": "2d"}, {"by": ["town", "floor"]}, {"of": "late > 0"}, {"kind": "sum"}, {"known_after": "1d"}]
    assert len({one.digest, *(Aggregate.model_validate(RATE | other).digest for other in others)}) == 6


def test_a_plan_survives_json_as_a_reproduction_needs_it():
    plan = FeaturePlan.model_validate({"past": {"rate": RATE}, "max_age": "50h"})
    assert FeaturePlan.model_validate(plan.model_dump(mode="json", exclude_unset=True)) == plan


@pytest.mark.parametrize("name", ["late rate", "1d", "", "a" * 64, 'x"; DROP TABLE'])
def test_a_name_is_one_word(name):
    with pytest.raises(ValidationError, match="is no name of a feature"):
        FeaturePlan.model_validate({"past": {name: RATE}})


def test_when_a_value_became_known_is_never_guessed():
    with pytest.raises(ValidationError, match="known_after"):
        Aggregate.model_validate({k: v for k, v in RATE.items() if k != "known_after"})
