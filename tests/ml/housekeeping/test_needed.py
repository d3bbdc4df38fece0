"""What may not go."""

from datetime import UTC, datetime

import pytest

from ml.housekeeping import needed
from ml.records import Approval, Question
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


def test_what_nobody_waits_for_does_not_stay_because_it_was_never_archived(past, never_promoted):
    """In Staging with the alias, overtaken there by a process that was killed, and in no stage."""
    for stage in ("Staging", "Staging", "None"):
        never_promoted(past, stage)
    assert past.registry.aliases("tiny")["staging"] == 5
    assert needed.staying(past, "tiny").versions == {2, 3}


def test_what_nightshift_did_not_make_or_somebody_named_stays(past, never_promoted):
    by_hand = never_promoted(past, "None", owner="ada")
    named = never_promoted(past, "None")
    with past.registry._asking() as client:
        client.set_registered_model_alias("tiny", "golden", str(named))
    assert needed.staying(past, "tiny").versions == {2, 3, by_hand, named}


@pytest.mark.parametrize(("given", "stays"), [(None, True), ("approved", True), ("rejected", False)])
def test_an_approval_in_flight_stays_whatever_its_age(given, stays, past, never_promoted):
    version, at = never_promoted(past), datetime(2013, 6, 3, tzinfo=UTC)
    of = {"pipeline": "tiny", "day": NIGHTS[2], "run_id": "r", "version": version, "at": at}
    past.ledger.record_question(Question(**of, champion_version=3, reasons=("it is not better",), deadline=at))
    if given:
        past.ledger.record_answer(Approval(**of, answer=given, by="ada", why="looked"))
    assert (version in needed.staying(past, "tiny").versions) is stays


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
