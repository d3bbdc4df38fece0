"""What its gates, its refit and its tryout found decide over a challenger together."""

from datetime import date

import pytest

from ml.records import TRYOUT, Candidate, Finding, Snapshot, Verdict

DAY = date(2013, 1, 31)
GOOD, BAD = (Finding(gate="refit", passed=passed, sentence=f"passed: {passed}") for passed in (True, False))


def verdict(passed=True, objections=(), findings=()):
    about = {"pipeline": "p", "day": DAY, "run_id": "r"}
    return Verdict(**about, passed=passed, objections=objections, findings=findings)


def refitted(*findings):
    rows = Snapshot(pipeline="p", day=DAY, first=DAY, last=DAY, rows=1, uri="u", fingerprint="f")
    about = {"pipeline": "p", "day": DAY, "snapshot": rows, "run_id": "r", "model_uri": "m", "fitted_to": DAY}
    return Candidate(**about, recipe="logistic", findings=findings)


@pytest.mark.parametrize(("found", "passed", "objections"), [(GOOD, True, ()), (BAD, False, ("passed: False",))])
def test_a_refit_that_misbehaves_refuses_a_challenger_that_passed(found, passed, objections):
    after = verdict().after(refitted(found))
    assert (after.passed, after.objections, after.findings) == (passed, objections, (found,))


def test_a_good_refit_does_not_lift_an_objection():
    after = verdict(False, ("worse",)).after(refitted(GOOD))
    assert (after.passed, after.objections) == (False, ("worse",))


def test_without_a_refit_a_verdict_stays_what_it_is():
    assert verdict().after(None) == verdict()


def test_what_the_traffic_said_is_told_from_what_the_gates_found():
    traffic = Finding(gate=TRYOUT, passed=True, sentence="no worse")
    assert verdict(findings=(GOOD, traffic)).tryout == traffic
    assert verdict(findings=(GOOD,)).tryout is None
