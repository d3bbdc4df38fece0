"""The family of errors and its exit codes."""

import pytest

from ml import errors


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.ConfigError, 2),
        (errors.DataError, 3),
        (errors.NoData, 3),
        (errors.ContractViolation, 3),
        (errors.TrainingError, 4),
        (errors.PromotionConflict, 5),
        (errors.ServiceUnavailable, 75),
    ],
)
def test_each_kind_has_its_exit_code(kind, code):
    assert issubclass(kind, errors.NightshiftError)
    assert kind.exit_code == code


def test_a_contract_violation_keeps_all_its_violations():
    error = errors.ContractViolation("3 rules broken", ["a", "b", "c"])
    assert error.violations == ("a", "b", "c")
    assert str(error) == "3 rules broken"
