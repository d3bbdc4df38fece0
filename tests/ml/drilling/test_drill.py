from datetime import date

import pytest

from ml.drilling import drill
from ml.drills import ROSTER
from ml.errors import NoData

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def report(bench):
    return drill(bench, days=3)


@pytest.fixture(scope="module")
def of_the_blind(blind):
    return {fault.kind: fault for fault in drill(blind, days=2).faults}


def test_every_fault_is_tried(report):
    assert [fault.kind for fault in report.faults] == [kind.model_fields["kind"].default for kind in ROSTER]


def test_each_goes_into_every_day_or_says_why_not(report):
    for fault in report.faults:
        assert len(fault.exercises) == 3 if fault.cannot is None else "cannot strike tiny" in fault.cannot


def test_no_clean_day_is_stopped(report):
    assert report.stopped == {}
    assert report.clean_days == 40


def test_the_same_seed_gives_the_same_report(bench, report):
    assert drill(bench, days=3).as_json() == report.as_json()


def test_another_seed_strikes_elsewhere(bench, report):
    other = {f.kind: [one.detail for one in f.exercises] for f in drill(bench, days=3, seed=9).faults}
    assert other != {f.kind: [one.detail for one in f.exercises] for f in report.faults}


def test_what_a_contract_promises_is_caught(report):
    caught = {fault.kind for fault in report.faults if fault.exercises and not fault.slipped}
    assert {"sign_flipped", "column_renamed", "rows_twice", "text_truncated", "category_renamed"} <= caught


def test_a_blind_contract_catches_little_and_is_told_what_would_help(of_the_blind):
    assert of_the_blind["sign_flipped"].caught == 0
    remedy = of_the_blind["sign_flipped"].slipped[0].remedy
    assert "weight" in remedy.yaml
    assert "min: 0.0" in remedy.yaml
    assert of_the_blind["rows_twice"].slipped[0].remedy.yaml.splitlines()[-1].strip() == "unique: [parcel]"
    assert of_the_blind["label_leaked"].slipped[0].remedy.rule == "weight leak"
    assert "Bonn" in of_the_blind["category_renamed"].slipped[0].remedy.yaml


def test_what_no_contract_sees_is_left_to_the_drift_check(of_the_blind):
    assert of_the_blind["spike"].slipped or of_the_blind["category_merged"].slipped
    assert any(one.remedy is None for one in of_the_blind["category_merged"].slipped)


def test_who_waits_hears_of_each_fault(bench):
    heard = []
    drill(bench, days=1, told=heard.append)
    assert len(heard) == len(ROSTER)


def test_without_a_clean_day_it_is_said(bench_of, tiny_config, tiny_days):
    day = date(2013, 5, 20)
    with pytest.raises(NoData, match="none of 1 days is accepted, follows an accepted day"):
        drill(bench_of(tiny_config, {day: tiny_days[day]}))
