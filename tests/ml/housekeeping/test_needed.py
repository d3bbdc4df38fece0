"""What may not go."""

import pytest

from ml.housekeeping import needed
from tests.ml.housekeeping.conftest import NIGHTS

pytestmark = pytest.mark.integration


def test_production_and_previous_stay_with_all_they_refer_to(past):
    stay = needed.staying(past, "tiny")
    assert stay.versions == {2, 3}
    trainings = [past.registry.training(past.registry.run_of("tiny", str(n))[1]) for n in (2, 3)]
    assert stay.runs == {training.run_id for training in trainings}
    assert stay.models == {training.models["model"].removeprefix("models:/") for training in trainings}
    assert stay.snapshots == {past.ledger.output("tiny", day, "snapshot")["uri"] for day in NIGHTS[1:]}
    assert len(stay.referred) == 3


def test_every_file_of_the_days_newest_rows_is_needed(past):
    found = needed.days(past, "tiny")
    for batch in [*past.ledger.batches("tiny"), *past.ledger.pulls("tiny")]:
        assert set(needed.files(batch)) <= found.current


def test_rows_that_a_newer_pull_replaced_are_known_with_the_moment(past):
    found = needed.days(past, "tiny")
    assert found.current.isdisjoint(found.replaced) or found.replaced == {}


def test_a_day_that_nobody_pulled_needs_nothing(workspace):
    found = needed.days(workspace, "tiny")
    assert (found.current, found.replaced) == (frozenset(), {})
