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


@pytest.mark.parametrize("kind", ["covariate shift", "label shift", "concept shift"])
def test_what_is_not_proven_is_mailed_and_waits_unless_the_owner_says_otherwise(kind):
    assert Actions().action(kind, ("it is seen on one day alone",)) == "mail"
    assert Actions(unproven="retrain").action(kind, ("it is seen on one day alone",)) == Actions().action(kind)


def test_a_doubt_makes_nothing_louder():
    assert Actions(covariate_shift="log").action("covariate shift", ("one day",)) == "log"
    assert Actions().action("data fault", ("one day",)) == "quarantine"
