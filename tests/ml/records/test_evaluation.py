"""Of many scores and comparisons, a reader is given the one asked for."""

from datetime import date

import pytest

from ml.records import Comparison, Measurement, Score
from tests.judged import judged

DAY = date(2013, 1, 31)
LEVEL = {"level": 0.95, "blocks": 4, "block_days": 7, "rows": 9, "interval": None}


def score(role, basis=None):
    return Score(role=role, how="as served", metrics={}, basis=basis)


def compared(metric, basis):
    return Comparison(role="champion", how="as served", metric=metric, worse_by=0.0, basis=basis, **LEVEL)


@pytest.mark.parametrize(("basis", "found"), [(None, 0), ("own rows", 0), ("same rows", 1), ("as served", None)])
def test_a_role_has_the_score_of_its_basis_and_without_one_the_first(basis, found):
    scores = (score("champion", "own rows"), score("champion", "same rows"))
    assert judged(DAY, scores=scores).score("champion", basis) is (None if found is None else scores[found])


def test_a_comparison_is_found_by_its_metric_and_by_any_of_the_bases():
    others = (compared("brier", "as served"), compared("log_loss", "as served"), compared("log_loss", "same rows"))
    whole = judged(DAY, comparisons=others)
    assert whole.compared("log_loss", "same rows", "as served") is others[1]
    assert whole.compared("brier", "same rows") is None


def test_a_procedure_is_the_same_only_where_both_are_known():
    assert judged(DAY, procedure="a", champion_procedure="a").same_procedure
    assert not judged(DAY, procedure="a", champion_procedure="b").same_procedure
    assert not judged(DAY).same_procedure


def test_a_gate_is_given_what_was_measured_for_its_kind():
    found = tuple(Measurement(gate=gate, name="n", value=1.0) for gate in ("latency", "stability", "latency"))
    assert judged(DAY, measurements=found).measured("latency") == (found[0], found[2])
