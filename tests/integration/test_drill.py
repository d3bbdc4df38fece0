"""A fire drill on the flights of 2013: the contract catches nearly all, and stops no clean day."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ml.days import Span
from ml.drilling import Bench, drill
from ml.workspace import Workspace

pytestmark = pytest.mark.integration

# 31 December is not clean: its weather is missing upstream
FIRST, LAST = date(2013, 1, 15), date(2013, 12, 30)


@pytest.fixture(scope="module")
def report(warehouse, tmp_path_factory):
    place = Workspace.apart(tmp_path_factory.mktemp("apart"), Path(__file__).parents[2] / "config")
    run = replace(place, connections={"warehouse": warehouse}).run("flight_delays", LAST)
    return drill(Bench.of_source(run, Span(FIRST, LAST)), days=5)


def test_nine_in_ten_faults_are_caught(report):
    assert report.injected >= 100
    assert report.score >= 0.9, "\n".join(report.lines())


def test_every_fault_can_strike_flights(report):
    assert [fault.cannot for fault in report.faults if fault.cannot] == []


def test_no_clean_day_is_stopped(report):
    assert report.clean_days == Span(FIRST, LAST).days
    assert report.stopped == {}


def test_every_kind_of_fault_is_caught_at_least_once(report):
    assert [fault.kind for fault in report.faults if not fault.caught] == []
