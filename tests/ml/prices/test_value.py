"""What every way to value predictions keeps."""

import pytest

from ml.prices import Decisions, Loss
from tests.ml.ledger.test_weighings import WEIGHED

SCORES = {f"{name} {label}": (0,) * 40 + (3 + label,) + (0,) * 60 for name in ("version", "other") for label in (0, 1)}
ITSELF = WEIGHED.model_copy(update={"losses": {"log_loss": (0.4, 0.4)}, "scores": SCORES, "weighed": 14})


@pytest.mark.parametrize(
    "value", [Loss(), Loss(per_row=2), Decisions(threshold=0.4, false_positive=1, false_negative=5)]
)
def test_a_version_is_worth_nothing_beside_itself(value):
    assert value.gain(ITSELF, "log_loss") == 0
    assert value.unit("log_loss")
