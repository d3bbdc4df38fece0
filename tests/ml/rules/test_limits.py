"""A single value stands by itself or with its reason."""

import pytest
from pydantic import ValidationError

from ml.contract import Contract
from ml.rules.limits import Hours, Key, Rows, Share

SINGLE = [(Rows, 400), (Share, 0.1), (Hours, 6.5), (Key, ("origin", "hour"))]


@pytest.mark.parametrize(("kind", "value"), SINGLE)
def test_it_is_written_down_as_it_was_given(kind, value):
    bare, said = kind.model_validate(value), kind.model_validate({"value": value, "why": "half a Sunday"})
    assert (bare.value, said.value) == (value, value)
    assert bare.model_dump() == value
    assert said.model_dump() == {"value": value, "why": "half a Sunday"}
    assert kind.model_validate(said.model_dump(mode="json")) == said
    assert (bare.place("x"), said.place("x")) == (("x",), ("x", "value"))


def test_a_contract_holds_both_forms():
    contract = Contract.model_validate({"min_rows": 4, "freshness": {"value": 6, "why": "evenings"}, "unique": ["a"]})
    assert (contract.min_rows.value, contract.freshness.why, contract.unique.value) == (4, "evenings", ("a",))
    assert Contract.model_validate(contract.model_dump(mode="json")) == contract


@pytest.mark.parametrize("given", [-1, {"value": -1}, "many", {"why": "no value"}, {"value": 1, "because": "x"}])
def test_what_cannot_be_is_refused(given):
    with pytest.raises(ValidationError):
        Contract.model_validate({"min_rows": given})
