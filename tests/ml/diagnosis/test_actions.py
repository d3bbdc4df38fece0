"""What follows from a diagnosis."""

from typing import get_args

import pytest
from pydantic import ValidationError

from ml.diagnosis.actions import Actions
from ml.diagnosis.case import Kind


@pytest.mark.parametrize("kind", get_args(Kind))
def test_each_kind_has_an_action(kind):
    assert Actions().action(kind) in ("quarantine", "retrain", "recent", "mail", "log")


def test_the_owner_may_bind_another():
    assert Actions(mix="retrain").action("mix") == "retrain"


@pytest.mark.parametrize("action", ["retrain", "recent", "log"])
def test_a_data_fault_never_asks_for_a_retrain_and_is_never_silent(action):
    with pytest.raises(ValidationError):
        Actions(data_fault=action)
