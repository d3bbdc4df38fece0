import math

import pytest
from pydantic import ValidationError

from ml.gates import BeatsChampion
from ml.records import Measurement

GATE = BeatsChampion(margin=0.002)


def served(tonight, looks=None):
    return {"as served": (tonight, looks)}


def test_without_a_champion_there_is_no_objection(judged):
    assert BeatsChampion().objection(judged(0.9)) is None
    assert BeatsChampion().answer(judged(0.9)) is None


def test_the_champions_own_recipe_passes_while_no_harm_shows(judged):
    evaluation = judged(0.503, champion=0.5, beside=served((-0.006, 0.012)))
    assert GATE.answer(evaluation) == "not worse"
    assert "worse by 0.003 (95 % interval: better by 0.006 to worse by 0.012)" in GATE.finding(evaluation).sentence


def test_rows_that_did_the_same_recipe_harm_stop_it(judged):
    evaluation = judged(0.52, champion=0.5, beside=served((0.008, 0.032)))
    assert GATE.answer(evaluation) == "not shown"
    sentence = GATE.objection(evaluation)
    assert "is 0.52 and the champion's (version 3, so) 0.5 " in sentence
    interval = "(95 % interval: worse by 0.008 to 0.032)"
    assert sentence.endswith(f"worse by 0.02 {interval}; this is worse, and at most 0.002 is allowed")


def test_a_harm_that_is_sure_to_be_smaller_than_the_margin_passes(judged):
    assert GATE.objection(judged(0.501, champion=0.5, beside=served((0.0005, 0.0015)))) is None
    assert BeatsChampion(margin=0.001).objection(judged(0.501, champion=0.5, beside=served((0.0005, 0.0015))))


def test_another_recipe_must_be_shown_to_be_no_worse(judged):
    evaluation = judged(0.499, champion=0.5, beside=served((-0.004, 0.002)), same=False)
    assert GATE.answer(evaluation) == "not shown"
    assert GATE.objection(evaluation).endswith(
        "another recipe than the champion's is judged on whole weeks, and 0 held-out days are too few"
    )


def test_many_nights_may_show_it(judged):
    evaluation = judged(0.499, champion=0.5, beside=served((-0.004, 0.002), (-0.004, 0.0015)), same=False)
    assert GATE.answer(evaluation) == "not worse"
    found = "beside it as it is, better by 0.004 to worse by 0.0015 at 97.5% over 84 held-out days of 78 nights"
    assert GATE.finding(evaluation).sentence.endswith(f"not worse by more than 0.002: {found}")


def test_the_question_stays_open_while_the_interval_reaches_beyond_the_margin(judged):
    evaluation = judged(0.499, champion=0.5, beside=served((-0.004, 0.002), (-0.004, 0.0025)), same=False)
    assert GATE.answer(evaluation) == "not shown"
    assert GATE.objection(evaluation).endswith("78 nights; each night adds to it")


def test_what_many_nights_show_does_not_excuse_the_harm_of_tonight(judged):
    evaluation = judged(0.55, champion=0.5, beside=served((0.03, 0.07), (-0.004, 0.0015)), same=False)
    assert GATE.answer(evaluation) == "not shown"


def test_the_same_rows_may_show_it_as_well(judged):
    beside = {"own rows": ((-0.02, 0.02), (-0.02, 0.02)), "same rows": ((-0.003, 0.001), (-0.003, -0.0005))}
    evaluation = judged(0.499, champion=0.5, beside=beside, same=False)
    assert GATE.answer(evaluation) == "better"
    assert "beside its recipe on the same rows, better by 0.0005 to 0.003" in GATE.finding(evaluation).sentence


def test_an_owner_may_require_better(judged):
    gate = BeatsChampion(margin=0.002, require="better")
    assert gate.objection(judged(0.5, champion=0.5)).endswith("; better is required")
    assert gate.objection(judged(0.49, champion=0.5, beside=served((-0.02, 0.0), (-0.02, -0.001)))) is None
    assert gate.objection(judged(0.499, champion=0.5, beside=served((-0.01, 0.01), (-0.01, 0.001)), same=False))


def test_predictions_that_are_equal_to_the_last_digit_are_one_recipe(judged):
    beside = {"own rows": ((-0.02, 0.02), None), "same rows": ((0.0, 0.0), None)}
    assert GATE.answer(judged(0.5, champion=0.5, beside=beside, same=False)) == "not worse"


def test_without_an_interval_the_margin_alone_decides_on_harm(judged):
    assert GATE.objection(judged(0.501, champion=0.5, beside=served(None))) is None
    assert "too few for an interval" in GATE.objection(judged(0.503, champion=0.5, beside=served(None)))


def test_a_champion_without_a_score_is_no_free_pass(judged):
    assert GATE.objection(judged(0.1, champion=math.nan)).endswith("they cannot be compared")
    assert GATE.answer(judged(0.1, champion=math.nan)) == "not shown"


def test_a_margin_is_not_negative():
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        BeatsChampion(margin=-0.1)


def test_an_older_evaluation_that_names_no_recipe_shows_nothing(judged):
    unknown = judged(0.5, champion=0.5).model_copy(update={"procedure": None, "champion_procedure": None})
    assert GATE.answer(unknown) == "not shown"


def test_what_is_worse_is_told_with_the_slice_in_which_the_harm_lies(judged):
    note = "92% of the loss that it adds lies in 665 rows (10%) with hour from 20 to 24 o'clock"
    harm = Measurement(gate="slices", name="share of the harm", value=0.92, of="hour", rows=665, note=note)
    worse = judged(0.56, 0.50).model_copy(update={"measurements": (harm,)})
    assert BeatsChampion(metric="log_loss").objection(worse).endswith(f"is allowed; {note}")
    fine = judged(0.49, 0.50).model_copy(update={"measurements": (harm,)})
    assert note not in BeatsChampion(metric="log_loss").finding(fine).sentence
