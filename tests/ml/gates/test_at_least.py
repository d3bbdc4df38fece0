import math

import pytest
from pydantic import ValidationError

from ml.gates import AtLeast


def test_the_value_itself_passes(judged):
    assert AtLeast(metric="accuracy", value=0.75).objection(judged(0.25)) is None
    assert AtLeast(metric="log_loss", value=0.25).objection(judged(0.25)) is None


def test_for_a_score_the_value_is_the_lowest_that_passes(judged):
    sentence = AtLeast(metric="roc_auc", value=0.65).objection(judged(0.4))
    assert sentence.startswith("the challenger's roc_auc is 0.6 ")
    assert sentence.endswith("at least 0.65 is required")


def test_for_a_loss_the_value_is_the_highest_that_passes(judged):
    assert AtLeast(metric="log_loss", value=0.5).objection(judged(0.6)).endswith("at most 0.5 is required")


def test_the_value_is_a_number():
    with pytest.raises(ValidationError, match="finite"):
        AtLeast(value=math.nan)
