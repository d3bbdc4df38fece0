"""What is kept of predictions."""

import pytest
from pydantic import ValidationError

from ml.prediction_log import PredictionLog


def test_features_are_kept_as_they_were_seen_for_ninety_days_unless_said_otherwise():
    assert PredictionLog() == PredictionLog(features="value", masked=(), dropped=(), keep=90)


def test_a_column_is_masked_or_dropped_but_not_both():
    with pytest.raises(ValidationError, match="tail cannot be masked and dropped"):
        PredictionLog(masked=("tail",), dropped=("tail",))


def test_what_is_masked_and_what_is_dropped_is_hidden():
    assert PredictionLog(masked=("tail",), dropped=("seat",)).hidden == {"tail", "seat"}
