import pytest
from pydantic import TypeAdapter, ValidationError

from ml.drift.rate import DaysPerAlarm

RATE = TypeAdapter(DaysPerAlarm)


@pytest.mark.parametrize(("written", "days"), [("1 per 90 days", 90), (" 1 per 30 days ", 30), (45, 45)])
def test_a_rate_is_read_as_owners_write_it(written, days) -> None:
    assert RATE.validate_python(written) == days


@pytest.mark.parametrize("written", ["2 per 90 days", "90d", "1 per 0 days", "1 per week", 0.01, True, "1 per 1 day"])
def test_anything_else_is_refused(written) -> None:
    with pytest.raises(ValidationError):
        RATE.validate_python(written)


def test_the_sentence_has_an_example() -> None:
    with pytest.raises(ValidationError, match="'often' is not a rate of false alarms; write for example 1 per 90 days"):
        RATE.validate_python("often")
