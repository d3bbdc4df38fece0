import math

import pytest
from pydantic import ValidationError

from ml.gates import BeatsChampion


def test_without_a_champion_there_is_no_objection(judged):
    assert BeatsChampion().objection(judged(0.9)) is None


def test_as_good_as_the_champion_passes(judged):
    assert BeatsChampion().objection(judged(0.5, champion=0.5)) is None


def test_a_little_worse_passes_within_the_margin_only(judged):
    evaluation = judged(0.501, champion=0.5)
    assert BeatsChampion(margin=0.002).objection(evaluation) is None
    assert BeatsChampion(margin=0.0005).objection(evaluation) is not None


def test_the_objection_says_how_much_worse_and_than_which_version(judged):
    sentence = BeatsChampion(margin=0.002).objection(judged(0.52, champion=0.5))
    assert "is 0.52 and the champion's (version 3) 0.5 " in sentence
    assert sentence.endswith("worse by 0.02, at most 0.002 is allowed")


def test_a_champion_without_a_score_is_no_free_pass(judged):
    assert BeatsChampion().objection(judged(0.1, champion=math.nan)) is not None


def test_a_margin_is_not_negative():
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        BeatsChampion(margin=-0.1)


def test_exactly_the_margin_is_allowed(judged):
    assert BeatsChampion(margin=0.02).objection(judged(0.52, champion=0.5)) is None
