"""Records cross a border as JSON and come back equal."""

import json
from datetime import UTC, date, datetime

import pytest

from ml.records import Batch, Decision, Promotion, Reason, Violation, from_json, to_json

DAY = date(2013, 1, 31)
RECORDS = [
    Batch(
        pipeline="p",
        day=DAY,
        rows=1,
        uri="u",
        fingerprint="f",
        violations=(Violation(column="c", rule="max", rows=2, sentence="2 rows"),),
    ),
    Decision(pipeline="p", day=DAY, retrain=True, reasons=(Reason(kind="schedule", sentence="due"),), window=7),
    Promotion(
        pipeline="p", day=DAY, version=2, previous=1, run_id="r", snapshot="s", at=datetime(2013, 2, 1, tzinfo=UTC)
    ),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: type(r).__name__)
def test_a_record_survives_json(record):
    assert from_json(json.loads(json.dumps(to_json(record)))) == record


def test_a_kind_that_nobody_knows_is_an_error():
    with pytest.raises(KeyError, match="Letter"):
        from_json({"record": "Letter"})
