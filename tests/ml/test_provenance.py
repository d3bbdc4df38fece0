"""Where a model comes from."""

from dataclasses import replace
from datetime import date

import pytest

from ml import golden, provenance
from ml.records import Snapshot, from_json
from tests.ml.golden_frame import golden_frame

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


def test_what_is_dropped_from_predictions_is_in_no_golden_request(restored, tmp_path):
    run = restored.run("tiny", DAY)
    candidate = from_json(restored.ledger.output("tiny", DAY, "refit"))
    registry, kept = restored.registry, golden.examples(restored.registry.fetch_model(candidate.model_uri, tmp_path))
    probe = golden_frame((("weight", "double"), ("town", "string")), [example.row for example in kept])
    log = run.pipeline.predictions.model_copy(update={"dropped": ("town",)})
    secret = replace(run, pipeline=run.pipeline.model_copy(update={"predictions": log}))
    uri = provenance.save_model(secret, candidate.run_id, "secret", registry.load_model(candidate.model_uri), probe)
    told = golden.examples(registry.fetch_model(uri, tmp_path / "secret"))
    assert len({example.row["town"] for example in kept}) > 1
    assert len({example.row["town"] for example in told}) == 1
    assert [example.row["weight"] for example in told] == [example.row["weight"] for example in kept]


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
