"""Where a model comes from."""

from datetime import date

import pytest

from ml import provenance
from ml.records import Snapshot, from_json

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 1)


def test_a_version_names_the_snapshot_it_was_fitted_on(walked):
    tags = walked.registry.production("tiny").tags
    snapshot = Snapshot.model_validate_json(tags["nightshift.snapshot"])
    assert snapshot == from_json(walked.ledger.output("tiny", DAY, "snapshot"))
    assert tags["nightshift.snapshot_sha256"] == snapshot.fingerprint


def test_the_same_training_finds_its_run_again(walked):
    candidate = from_json(walked.ledger.output("tiny", DAY, "train"))
    run = walked.run("tiny", DAY)
    assert provenance.training_run(run, candidate.snapshot, candidate.recipe) == candidate.run_id


def test_a_description_says_why_the_version_was_fitted(walked):
    candidate = from_json(walked.ledger.output("tiny", DAY, "refit"))
    decision = from_json(walked.ledger.output("tiny", DAY, "decide"))
    text = provenance.description(candidate, decision)
    assert "- first model: no version is in Production yet" in text
    assert candidate.snapshot.fingerprint in text


def test_without_servers_there_are_no_links(walked):
    assert provenance.links(walked.run("tiny", DAY)) == provenance.Links(airflow=None, mlflow=None)


def test_the_note_above_a_run_compares_all_roles_and_names_the_gates(walked):
    evaluation, verdict = (from_json(walked.ledger.output("tiny", DAY, s)) for s in ("evaluate", "gate"))
    note = provenance.verdict_note(evaluation, verdict)
    assert "| challenger (fitted without the held-out days) |" in note
    assert "All gates pass: at_least, beats_champion." in note
