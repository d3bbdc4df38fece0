"""What is true of one gate is checked of all."""

import doctest
import importlib
import math

import pytest
from pydantic import TypeAdapter, ValidationError

from ml.gates import ROSTER, Gate
from ml.gates.gate import BaseGate, MetricGate, number, where
from ml.metrics import METRICS

every_gate = pytest.mark.parametrize("kind", ROSTER, ids=lambda kind: kind.__name__)
on_a_metric = pytest.mark.parametrize(
    "kind", [kind for kind in ROSTER if issubclass(kind, MetricGate)], ids=lambda kind: kind.__name__
)


@every_gate
def test_a_gate_is_parsed_from_its_kind_alone(kind):
    name = kind.model_fields["kind"].default
    assert TypeAdapter(Gate).validate_python({"kind": name}) == kind()


@every_gate
def test_the_example_of_a_gate_runs(kind):
    assert doctest.testmod(importlib.import_module(kind.__module__)).attempted > 0


@every_gate
def test_a_gate_that_measures_says_so_when_nothing_was_measured(kind, judged):
    if kind.measure is BaseGate.measure:
        return
    name = kind.model_fields["kind"].default
    assert kind().objection(judged(0.1)) == (
        f"nothing was measured for the gate {name}: do the step evaluate once more"
    )


@on_a_metric
@pytest.mark.parametrize("metric", METRICS)
def test_a_gate_is_silent_about_a_good_challenger(kind, metric, judged):
    bar = {"value": 0.5} if "value" in kind.model_fields else {}
    assert kind(metric=metric, **bar).objection(judged(0.1, champion=0.4)) is None


@on_a_metric
@pytest.mark.parametrize("metric", METRICS)
def test_a_gate_objects_to_a_bad_challenger_in_one_sentence_with_numbers(kind, metric, judged):
    bar = {"value": 0.5} if "value" in kind.model_fields else {}
    sentence = kind(metric=metric, **bar).objection(judged(0.9, champion=0.4))
    assert metric in sentence
    assert "10,234 held-out rows of 2013-01-25 to 2013-01-31" in sentence
    assert "\n" not in sentence


@on_a_metric
def test_a_gate_lets_no_nan_pass(kind, judged):
    assert "nan" in kind().objection(judged(math.nan, champion=0.4))


@on_a_metric
def test_a_gate_objects_when_its_metric_is_missing(kind, judged):
    evaluation = judged(0.1, champion=0.4)
    scores = tuple(score.model_copy(update={"metrics": {}}) for score in evaluation.scores)
    assert kind().objection(evaluation.model_copy(update={"scores": scores}))


@on_a_metric
def test_a_gate_knows_only_metrics_that_exist(kind):
    with pytest.raises(ValidationError, match="log_loss"):
        kind(metric="logloss")


def test_numbers_have_five_digits_at_most():
    assert [number(v) for v in (0.123456, 1234.0, math.nan)] == ["0.12346", "1234", "nan"]


def test_a_single_day_is_named_once(judged):
    one = judged(0.1).model_copy(update={"first": judged(0.1).last})
    assert where(one) == "on 10,234 held-out rows of 2013-01-31"


@on_a_metric
def test_a_finding_has_its_numbers_also_when_it_passes(kind, judged):
    bar = {"value": 0.5} if "value" in kind.model_fields else {}
    found = kind(metric="log_loss", **bar).finding(judged(0.1, champion=0.4))
    assert found.passed
    assert found.gate == kind.model_fields["kind"].default
    assert "log_loss is 0.1" in found.sentence
