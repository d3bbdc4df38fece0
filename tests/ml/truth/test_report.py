"""How versions really did, in lines."""

import re

import pytest

from ml.truth.report import Report

pytestmark = pytest.mark.integration


def test_lines_tell_when_labels_come_what_became_of_predictions_and_each_day(truth):
    place, _ = truth
    lines = list(Report.of(place.ledger, "tiny", days=3).lines())
    assert lines[0].startswith(
        "tiny: label_delay is 1 day; labels that are there: 88.9% after 0 days, 100.0% after 1 day"
    )
    assert lines[1].strip() == "predictions of 9 days: 480 known, 12 waiting, 48 never, 0 unmatched"
    assert lines[2].strip().startswith("version 1 (batch) on 2013-05-23 to 2013-05-29: log_loss 0.")
    assert len(lines) == 6
    assert any("worst where town is Aachen" in line for line in Report.of(place.ledger, "tiny").lines())
    assert re.search(r"log_loss 0\.\d{4} .* said \d+\.\d%, came \d+\.\d%  \d+ rows", lines[3])
    assert lines[-1].endswith("unknown: its labels are due on 2013-05-31")


def test_a_pipeline_of_which_nothing_is_known_says_so(truth):
    place, _ = truth
    assert list(Report.of(place.ledger, "other").lines()) == ["other: no night has looked at what came true yet"]


def test_the_document_has_every_number(truth):
    place, _ = truth
    document = Report.of(place.ledger, "tiny").as_json()
    assert document["newest"]["due"] == 1
    assert {each["state"] for each in document["performance"]} == {"known", "unknown"}
    assert len(document["outcomes"]) == 9
