import pytest
from pydantic import ValidationError

from ml.drift import BaseDetector, Compared


@pytest.mark.parametrize("plan", [{"reference": "0d"}, {"current": 0}, {"min_rows": 1}])
def test_a_comparison_of_nothing_is_refused(plan) -> None:
    with pytest.raises(ValidationError):
        BaseDetector(**plan)


def test_days_are_written_as_spans() -> None:
    assert BaseDetector(reference="8w", current="1d").reference == 56


def test_without_a_report_there_is_no_page() -> None:
    assert Compared(()).html is None
