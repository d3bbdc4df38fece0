from ml.features import Aggregate, definitions

PAST = {
    "rate": Aggregate.model_validate({"by": ["town"], "of": "late > 0", "over": "3d", "known_after": "landed"}),
    "seen": Aggregate.model_validate({"by": ["town"], "of": "1", "over": "4w", "kind": "count", "known_after": "6h"}),
}


def test_definitions_come_back_from_a_models_folder_as_they_were(tmp_path):
    definitions.write(tmp_path, PAST)
    assert definitions.read(tmp_path) == PAST
    assert {n: a.digest for n, a in definitions.read(tmp_path).items()} == {n: a.digest for n, a in PAST.items()}


def test_a_model_without_aggregates_is_not_one_that_was_saved_without_saying_so(tmp_path):
    assert definitions.read(tmp_path) is None
    definitions.write(tmp_path, {})
    assert definitions.read(tmp_path) == {}


def test_a_default_that_changes_one_day_changes_no_definition_that_was_kept():
    assert '"kind":"mean"' in definitions.as_text({"rate": PAST["rate"]})
