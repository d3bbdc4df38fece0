import numpy
import pytest

from ml.gates import Compatible
from ml.gates.trial import Served

INPUTS = (("size", "double"), ("town", "string"))


def asked(trial, champion=INPUTS, said=(0.25, 0.5), here=(0.25, 0.5), **challenger):
    ours = Served(1, **{"inputs": INPUTS, "answers": said} | challenger)
    roles = {"challenger": ours} | ({"champion": Served(1, champion)} if champion else {})
    return trial(served=roles, predict=lambda estimator, frame: numpy.array(here))


def test_equal_answers_and_inputs_pass(trial, found):
    finding = found(Compatible(), asked(trial))
    assert finding.passed
    assert "answers 2 kept requests as it did here and asks for the champion's inputs" in finding.sentence


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ((*INPUTS, ("age", "double")), "age is new"),
        (INPUTS[:1], "town is gone"),
        ((INPUTS[0], ("town", "double")), "town was string and is number"),
    ],
)
def test_another_schema_is_an_objection_unless_it_may_change(trial, found, inputs, words):
    finding = found(Compatible(), asked(trial, inputs=inputs))
    assert not finding.passed
    assert "inputs are not the 2 of the champion, which its callers send: " in finding.sentence
    assert words in finding.sentence
    assert found(Compatible(inputs="may_change"), asked(trial, inputs=inputs)).passed


def test_a_feature_that_the_service_looks_up_itself_is_no_input_of_its_callers(trial, found):
    told = trial(
        served={"challenger": Served(1, (*INPUTS, ("rate", "double")), answers=(0.5,)), "champion": Served(1, INPUTS)},
        predict=lambda estimator, frame: numpy.array([0.5]),
        looked_up=frozenset({"rate"}),
    )
    assert found(Compatible(), told).passed


def test_whole_numbers_are_numbers(trial, found):
    assert found(Compatible(), asked(trial, inputs=(("size", "long"), INPUTS[1]))).passed


def test_other_answers_than_here_are_an_objection(trial, found):
    finding = found(Compatible(), asked(trial, said=(0.25, 0.6)))
    assert "up to 0.1 away from what it said here" in finding.sentence


def test_an_answer_that_is_no_number_is_an_objection(trial, found):
    finding = found(Compatible(), asked(trial, said=(0.25, float("nan"))))
    assert "1 of 2 kept requests got no finite answer" in finding.sentence


def test_other_libraries_are_an_objection(trial, found):
    finding = found(Compatible(), asked(trial, missing=("skops==0.1 (0.13 is here)",)))
    assert finding.sentence.endswith("pinned to other libraries than are here: skops==0.1 (0.13 is here)")


def test_a_model_that_does_not_open_is_an_objection(trial, found):
    finding = found(Compatible(), asked(trial, refused="it holds a pickle"))
    assert finding.sentence == "the challenger does not run in a fresh process: it holds a pickle"


def test_the_first_model_has_no_callers(trial, found):
    finding = found(Compatible(), asked(trial, champion=None))
    assert finding.passed
    assert finding.sentence.endswith("as it did here")
