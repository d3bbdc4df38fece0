import pytest
from pydantic import ValidationError

from ml.drift import EvidentlyDrift
from ml.drift.checks import ColumnCheck


def test_a_threshold_may_be_left_to_a_calibration() -> None:
    check = ColumnCheck(method="wasserstein", given="weekday", reference="14d")
    assert (check.threshold, check.given, check.reference) == (None, "weekday", 14)


def test_without_a_rate_every_column_needs_a_threshold() -> None:
    with pytest.raises(ValidationError, match="b has no threshold; give one, or false_alarms, such as 1 per 90 days"):
        EvidentlyDrift(columns={"a": {"method": "psi", "threshold": 0.1}, "b": {"method": "psi"}})
    with pytest.raises(ValidationError, match="detectors have no thresholds of their own"):
        EvidentlyDrift(columns={"a": {"method": "psi", "threshold": 0.1}}, detectors=[{"kind": "missing"}])


def test_numbers_of_the_owners_stay_beside_a_rate() -> None:
    columns = {"a": {"method": "psi", "threshold": 0.1}, "b": {"method": "psi"}}
    assert EvidentlyDrift(false_alarms="1 per 30 days", columns=columns).given == {"a": 0.1}
