"""What a night learns about predictions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ml.days import Span
from ml.summary import sentence
from ml.truth import maturing
from tests.ml.truth.conftest import NIGHTS

pytestmark = pytest.mark.integration


def test_a_night_joins_the_days_of_which_something_is_new_and_no_others(truth):
    place, nights = truth
    assert [nights[day].days for day in NIGHTS[:3]] == [0, 1, 2]
    assert (nights[NIGHTS[-1]].days, nights[NIGHTS[-1]].known, nights[NIGHTS[-1]].never) == (2, 102, 6)
    assert [day for day, _ in maturing.changed(place.run("tiny", NIGHTS[-1]), due=1)] == NIGHTS[-2:]


def test_a_day_whose_labels_were_all_there_at_once_is_measured_when_they_are_due(truth):
    place, _ = truth

    class Known:
        """The ledger, with nothing that waits, as an earlier night found."""

        def __getattr__(self, name):
            return getattr(place.ledger, name)

        def outcomes(self, pipeline, span=None):
            earlier = {"waiting": 0, "night": NIGHTS[0]}
            return [each.model_copy(update=earlier) for each in place.ledger.outcomes(pipeline, span)]

    run = place.run("tiny", NIGHTS[-1])
    run = replace(run, workspace=replace(place, ledger=Known()))
    assert [day for day, _ in maturing.changed(run, due=1)] == [NIGHTS[-2]]
    after = replace(run, day=NIGHTS[-1] + timedelta(days=1))
    assert [day for day, _ in maturing.changed(after, due=1)] == [NIGHTS[-1], after.day]


def test_a_night_done_again_says_the_same_and_adds_nothing(truth):
    place, nights = truth
    run = place.run("tiny", NIGHTS[-1])
    kept = len(place.ledger.performance("tiny"))
    again = maturing.mature(run)
    assert again == nights[NIGHTS[-1]]
    assert len(place.ledger.performance("tiny")) == kept


def test_each_day_has_a_performance_that_is_unknown_first_and_known_later(truth):
    place, _ = truth
    newest = place.ledger.performance("tiny", Span(NIGHTS[-1], NIGHTS[-1]))
    assert [(p.state, p.why) for p in newest] == (
        [("unknown", f"its labels are due on {NIGHTS[-1] + timedelta(days=1)}")]
    )
    before = place.ledger.performance("tiny", Span(NIGHTS[-2], NIGHTS[-2]))
    assert {(p.state, p.role, p.version) for p in before} == {("known", "batch", 1)}
    assert {p.value for p in before} >= {None, "Aachen"}


def test_the_first_day_of_a_version_keeps_the_interval_that_its_hours_give(truth):
    place, nights = truth
    first = NIGHTS[1]
    assert (nights[NIGHTS[2]].realised.first, nights[NIGHTS[2]].realised.interval) == (first, None)
    (whole,) = (p for p in place.ledger.performance("tiny", Span(first, first)) if p.column is None)
    assert whole.interval is not None


def test_the_version_in_mlflow_says_how_it_did_and_what_is_expected_of_it(truth):
    place, nights = truth
    tags, newest = place.registry.version("tiny", 1).tags, nights[NIGHTS[-1]]
    assert float(tags["nightshift.realised_log_loss"]) == pytest.approx(newest.realised.realised, rel=1e-5)
    assert tags["nightshift.estimated_log_loss"] == "unknown"
    assert tags["nightshift.estimated"].startswith(f"version 1 (batch) on {NIGHTS[-1]}: estimated log_loss unknown, ")


def test_an_estimate_that_is_known_stands_there_as_a_number(truth, monkeypatch):
    from ml.registry import Registry

    place, nights = truth
    told = {}
    monkeypatch.setattr(Registry, "tag", lambda registry, pipeline, version, tags: told.update(tags))
    known = {"state": "estimated", "value": 0.5, "interval": (0.4, 0.6)}
    maturing.tag_estimate(place.run("tiny", NIGHTS[-1]), nights[NIGHTS[-1]].estimated.model_copy(update=known))
    assert told["nightshift.estimated_log_loss"] == "0.5"
    assert told["nightshift.estimated"].endswith("estimated log_loss 0.5000 (0.4000 to 0.6000) on 60 rows")


def test_an_older_night_that_is_walked_again_says_nothing_there(truth, monkeypatch):
    from ml.registry import Registry

    place, nights = truth
    told = []
    monkeypatch.setattr(Registry, "tag", lambda registry, pipeline, version, tags: told.append(tags))
    for day in NIGHTS[-2:]:
        maturing.tag(place.run("tiny", day), nights[day].realised)
    assert [each["nightshift.realised"] for each in told] == [sentence(nights[NIGHTS[-1]].realised)]


def test_the_version_in_production_is_measured_on_the_newest_days_whose_labels_are_due(truth):
    _, nights = truth
    found = nights[NIGHTS[-1]].realised
    assert (found.version, found.first, found.day) == (1, NIGHTS[2], NIGHTS[-2])
    assert (found.rows, found.blocks, found.state) == (7 * 54, 7, "known")
    assert 0.2 < found.realised < 0.8
    assert nights[NIGHTS[1]].realised is None
