"""Scores, comparisons with intervals, and what each gate found."""

from datetime import date

import pytest

from ml.account import judging
from ml.account.traces import Traces
from ml.records import Candidate, Comparison, Evaluation, Finding, Measurement, Verdict, to_json
from tests.judged import judged

pytestmark = pytest.mark.integration
DAY = date(2013, 6, 2)


def test_every_role_stands_with_its_scores(section, traces):
    found, text = section("evaluation")
    evaluation = traces.record("evaluate", Evaluation)
    for score in evaluation.scores:
        assert f"{score.metrics['log_loss']:.4f}" in text
        assert score.role in text
    assert "town = Aachen" in text
    assert found.data["evaluation"] == evaluation.model_dump(mode="json")


def test_every_gate_stands_with_its_finding(section):
    _, text = section("gates")
    assert "at_least" in text
    assert "beats_champion" in text
    assert text.count("passed") >= 3


def kept(ledger, **outputs):
    for step, record in outputs.items():
        with ledger.attempt("tiny", DAY, step) as attempt:
            attempt.done(to_json(record))
    return Traces(ledger, "tiny", DAY)


def test_a_comparison_stands_with_its_interval_and_a_measurement_with_its_unit(workspace):
    comparison = Comparison(
        role="champion",
        how="as served",
        metric="log_loss",
        worse_by=-0.012,
        interval=(-0.02, 0.001),
        level=0.9,
        blocks=5,
        block_days=1,
        rows=300,
    )
    measured = Measurement(gate="budget", name="p95 latency", value=12.5, unit="ms")
    evaluation = judged(DAY, rows=300, comparisons=(comparison,), measurements=(measured,))
    text = "\n".join(judging.evaluation(kept(workspace.ledger, evaluate=evaluation)).lines())
    assert "-0.01200" in text
    assert "-0.02000" in text
    assert "+0.00100" in text
    assert "90.00%" in text
    assert "5 of 1 d" in text
    assert "12.5" in text
    assert "ms" in text


def verdict(**more):
    return Verdict(pipeline="tiny", day=DAY, run_id="r", gates=("at_least", "slices"), **more)


def test_findings_are_told_gate_by_gate(workspace):
    findings = (
        Finding(gate="at_least", passed=True, sentence="roc_auc 0.71 is at least 0.6"),
        Finding(gate="slices", passed=False, sentence="Celle is worse by 0.2"),
    )
    made = verdict(passed=False, objections=("Celle is worse by 0.2",), findings=findings)
    lines = list(judging.gates(kept(workspace.ledger, gate=made)).lines())
    assert lines[2:] == [
        "  refused; the gates: at_least, slices",
        "  - passed, at_least: roc_auc 0.71 is at least 0.6",
        "  - refused, slices: Celle is worse by 0.2",
    ]


def test_the_check_of_the_refit_is_among_them(workspace, traces):
    refused = Finding(gate="refit", passed=False, sentence="its predictions moved by 2")
    refit = traces.record("refit", Candidate).model_copy(update={"findings": (refused,)})
    passed = verdict(passed=True, findings=(Finding(gate="at_least", passed=True, sentence="ok"),))
    text = "\n".join(judging.gates(kept(workspace.ledger, gate=passed, refit=refit)).lines())
    assert "refused; the gates:" in text
    assert "refused, refit: its predictions moved by 2" in text


def test_a_night_from_before_the_findings_tells_its_objections(workspace):
    made = verdict(passed=False, objections=("roc_auc 0.5 < 0.6",))
    assert "roc_auc 0.5 < 0.6" in "\n".join(judging.gates(kept(workspace.ledger, gate=made)).lines())
    passed = list(judging.gates(kept(workspace.ledger, gate=verdict(passed=True))).lines())
    assert passed[-2:] == ["  - passed, at_least", "  - passed, slices"]


def test_a_comparison_with_too_few_blocks_says_so(traces):
    (found, *_) = traces.record("evaluate", Evaluation).comparisons
    evaluation = traces.record("evaluate", Evaluation).model_copy(
        update={"comparisons": (found.model_copy(update={"interval": None}),)}
    )
    object.__setattr__(traces, "record", lambda step, kind: evaluation)
    assert "too few  blocks" in "\n".join(judging.evaluation(traces).lines())
