"""What a gate may know of a night beyond rows and models."""

from datetime import date

import pytest

from ml import evaluation, holdout, surroundings
from ml.gates import Budget, Compatible, FreshData
from ml.records import from_json

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 1)


def test_both_saved_models_answer_and_the_windows_days_are_known(walked):
    run, ledger = walked.run("tiny", DAY), walked.ledger
    candidate = from_json(ledger.output("tiny", DAY, "train"))
    parts = holdout.split(run, candidate.snapshot)
    champion = holdout.champion(run, parts.days.first)
    around = surroundings.around(run, candidate, champion)
    assert around.due == date(2013, 5, 31)
    assert [batch.day for batch in around.batches] == [
        batch.day for batch in ledger.batches("tiny") if candidate.snapshot.first <= batch.day <= around.due
    ]
    plan = run.pipeline.model_copy(update={"gates": (Compatible(), Budget(), FreshData())})
    judged = evaluation.judge(
        plan,
        parts.older,
        parts.newest,
        challenger=walked.registry.load_model(candidate.model_uri),
        champion=champion,
        around=around,
    )
    whole = from_json(ledger.output("tiny", DAY, "evaluate"))
    whole = whole.model_copy(update={"measurements": judged.measurements, "champion_version": 1})
    found = [gate.finding(whole) for gate in plan.gates]
    assert [one.sentence for one in found if not one.passed] == []
    assert "answers 200 kept requests as it did here and asks for the champion's inputs" in found[0].sentence
    assert "MB on disk" in found[1].sentence
