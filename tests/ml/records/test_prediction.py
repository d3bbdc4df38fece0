"""A prediction is a number said at an instant, to a caller who may ask."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from ml.records import Caller, Prediction

AT = datetime(2013, 2, 1, tzinfo=UTC)
SAID = {"id": "0" * 32, "pipeline": "p", "version": 1, "role": "batch", "at": AT, "key": {"id": 1}, "probability": 0.5}
SAID |= {"day": date(2013, 1, 31)}


@pytest.mark.parametrize("wrong", [{"probability": float("nan")}, {"at": AT.replace(tzinfo=None)}, {"event_time": AT}])
def test_a_prediction_without_a_number_or_with_a_clock_in_doubt_is_refused(wrong):
    Prediction(**SAID)
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        Prediction(**SAID | wrong)


@pytest.mark.parametrize(("scopes", "may"), [(("flights",), True), (("*",), True), (("tides",), False), ((), False)])
def test_a_caller_may_ask_the_pipelines_it_was_given_or_all(scopes, may):
    assert Caller(name="c", scopes=scopes, digest="d", by="ada", at=AT).may("flights") == may
