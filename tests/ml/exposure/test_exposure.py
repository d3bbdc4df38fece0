import pytest
from pydantic import TypeAdapter, ValidationError

from ml.exposure import Canary, Exposure, Shadow, Unseen

read = TypeAdapter(Exposure).validate_python


@pytest.mark.parametrize(("word", "kind"), [("none", Unseen), ("shadow", Shadow), ("canary", Canary)])
def test_a_way_whose_defaults_suit_is_its_word_alone(word, kind):
    assert read(word) == kind() == read({"kind": word})


def test_another_word_is_no_way():
    with pytest.raises(ValidationError):
        read("blue-green")


@pytest.mark.parametrize("wrong", [{"share": 0.0}, {"share": 0.6}, {"wait": "29d"}, {"key": [""]}, {"alpha": 0.5}])
def test_a_canary_answers_at_most_half_and_for_four_weeks(wrong):
    with pytest.raises(ValidationError):
        Canary(**wrong)
