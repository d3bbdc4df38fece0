"""A record is frozen, keeps to its fields, and carries every number through JSON."""

from math import inf, isnan, nan

import pytest
from pydantic import ValidationError

from ml.records import Record


class Reading(Record):
    value: float


def test_a_record_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        Reading(value=1).value = 2


def test_a_record_takes_no_field_that_it_does_not_have():
    with pytest.raises(ValidationError, match="unit"):
        Reading(value=1, unit="s")


@pytest.mark.parametrize("value", [inf, -inf, 0.1])
def test_a_number_without_end_survives_json(value):
    assert Reading.model_validate_json(Reading(value=value).model_dump_json()).value == value


def test_no_number_survives_json():
    assert isnan(Reading.model_validate_json(Reading(value=nan).model_dump_json()).value)
