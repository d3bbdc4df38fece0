"""Which fields a request has, and what may stand in them."""

from ml.config import find_pipeline
from ml.serving.fields import fields
from tests.ml.serving import flights


def of(pipeline=flights.PIPELINE, inputs=flights.INPUTS):
    return {field.name: field for field in fields(pipeline, inputs)}


def changed(**columns):
    contract = flights.PIPELINE.contract
    return flights.PIPELINE.model_copy(
        update={"contract": contract.model_copy(update={"columns": contract.columns | columns})}
    )


def without(name):
    contract = flights.PIPELINE.contract
    kept = {column: rule for column, rule in contract.columns.items() if column != name}
    return flights.PIPELINE.model_copy(update={"contract": contract.model_copy(update={"columns": kept})})


def test_a_row_has_what_the_model_takes_the_key_and_the_contract_s_other_columns_but_no_label():
    known = of()
    assert set(known) == set(flights.PIPELINE.contract.columns) - {"late"}
    assert {name for name, field in known.items() if field.needed} == {*flights.PIPELINE.model.features, "flight"}


def test_the_rule_of_a_field_is_the_contract_s():
    rule = flights.PIPELINE.contract.columns["distance"]
    assert of()["distance"].rule is rule
    assert of()["distance"].wanted == "a whole number from 50 to 6000"
    assert of()["distance"].json_schema() == {
        "type": "integer",
        "minimum": 50,
        "maximum": 6000,
        "description": "miles; no airline sells a shorter flight",
    }


def test_what_the_model_declares_counts_more_than_a_contract_that_changed():
    odd = changed(temp=flights.PIPELINE.contract.columns["carrier"])
    assert of(odd)["temp"].rule.type == "float"
    assert of(odd)["temp"].rule.pattern is None


def test_an_input_without_a_rule_is_of_its_declared_type():
    assert of(inputs=(*flights.INPUTS, ("new", "boolean")))["new"].wanted == "true or false, or null"


def test_a_key_of_no_known_type_may_be_any_plain_value():
    field = of(without("flight"))["flight"]
    assert (field.needed, field.nullable, field.wanted) == (True, False, "a text, a number, true or false")


def test_a_key_that_may_be_null_in_the_contract_may_not_be_in_a_request():
    nullable = changed(flight=flights.PIPELINE.contract.columns["flight"].model_copy(update={"nullable": True}))
    assert not of(nullable)["flight"].nullable


def test_what_says_when_the_outcome_became_known_is_no_field():
    pipeline = find_pipeline(flights.ROOT / "config" / "pipelines", "flight_delays")
    assert "landed" in pipeline.contract.columns
    assert "landed" not in {field.name for field in fields(pipeline, flights.INPUTS)}
