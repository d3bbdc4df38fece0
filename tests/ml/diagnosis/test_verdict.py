"""From signs to a diagnosis."""

from dataclasses import replace

import numpy as np
import pytest

from ml.diagnosis import ORDER, Evidence, explain, verdict

from .conftest import moved, world


def test_a_broken_sensor_is_a_data_fault(happened):
    kind, evidence = explain(happened(temp=lambda r: (r["temp"] - 32) / 1.8))
    assert kind == "data fault"
    assert evidence[0].column == "temp"


def test_a_warm_spell_that_holds_together_is_covariate_shift(quiet):
    kind, _ = explain(moved(replace(quiet, current=world("2013-03-29", 2, 3, warmer=30))))
    assert kind == "covariate shift"


def test_a_data_fault_goes_before_whatever_else_is_seen(quiet):
    random = np.random.default_rng(0)
    current = quiet.current.assign(temp=51.0, late=random.random(len(quiet.current)) < 0.5)
    kind, evidence = explain(moved(replace(quiet, current=current)))
    assert kind == "data fault"
    assert {"data fault", "concept shift"} <= {e.kind for e in evidence}


@pytest.mark.parametrize("kind", ORDER)
def test_a_sign_that_proves_little_decides_nothing(quiet, monkeypatch, kind):
    weak = Evidence(kind, "weak", 0.4, "it might be")
    monkeypatch.setattr(verdict, "SIGNS", (lambda case: iter([weak]),))
    assert explain(quiet) == ("covariate shift", (weak,))


def test_the_same_case_has_the_same_evidence_in_the_same_order(happened):
    case = happened(temp=51.0, carrier="UA")
    assert explain(case) == explain(case)


def test_a_side_without_rows_explains_nothing(quiet):
    with pytest.raises(ValueError, match="0 current rows"):
        explain(replace(quiet, current=quiet.current.iloc[:0]))
