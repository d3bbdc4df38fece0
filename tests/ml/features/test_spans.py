import pytest
from pydantic import TypeAdapter, ValidationError

from ml.features.spans import Hours, HoursOrColumn


@pytest.mark.parametrize(("text", "hours"), [("6h", 6), ("1d", 24), ("4w", 672), (6, 6)])
def test_a_span_is_so_many_hours(text, hours):
    assert TypeAdapter(Hours).validate_python(text) == hours


@pytest.mark.parametrize("wrong", ["6", "6 h", "1m", True, -1])
def test_what_is_no_span_is_refused(wrong):
    with pytest.raises(ValidationError):
        TypeAdapter(Hours).validate_python(wrong)


@pytest.mark.parametrize(("text", "read"), [("6h", 6), ("landed", "landed"), (24, 24)])
def test_what_is_no_span_may_be_a_column(text, read):
    assert TypeAdapter(HoursOrColumn).validate_python(text) == read
