"""Records cross a border as JSON and come back equal."""

import json
from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from ml.records import (
    Batch,
    ColumnDrift,
    Decision,
    DriftReport,
    Promotion,
    Reason,
    Violation,
    drifted_of,
    from_json,
    to_json,
)

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


def report(*drifted):
    columns = tuple(ColumnDrift(column=c, method="psi", threshold=0.1, score=1.0, drifted=d) for c, d in drifted)
    return DriftReport(
        pipeline="p",
        day=DAY,
        reference=(DAY, DAY),
        current=(DAY, DAY),
        reference_rows=1,
        current_rows=1,
        columns=columns,
    )


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: type(r).__name__)
def test_a_record_survives_json(record):
    assert from_json(json.loads(json.dumps(to_json(record)))) == record


def test_a_record_cannot_be_changed():
    with pytest.raises(ValidationError):
        RECORDS[0].rows = 2


def test_the_drift_share_counts_drifted_columns():
    assert report(("a", True), ("b", False)).share == 0.5
    assert report(("a", True), ("b", False)).drifted == ("a",)


def test_a_report_without_columns_has_no_share():
    assert report().share == 0.0


def test_a_broken_rule_is_known_by_its_place_not_by_its_values():
    first, second = (
        Violation(column="temp", rule="range", rows=n, sentence=f"{n} rows", table="weather") for n in (1, 2)
    )
    assert first.key == second.key == "weather/temp/range"


def test_only_rules_of_the_whole_day_stop_it():
    row, day = (Violation(column=None, rule="rows", rows=1, sentence="few", stops=stops) for stops in (False, True))
    batch = Batch(pipeline="p", day=date(2013, 1, 1), rows=1, uri="u", fingerprint="f", violations=(row, day))
    assert batch.stops == (day,)


def test_a_batch_says_by_which_rules_it_was_stopped_and_in_which_table():
    rules = [Violation(column=None, rule=f"r{n}", rows=0, sentence=f"sentence {n}", stops=True) for n in range(5)]
    absent = rules[0].model_copy(update={"table": "weather"})
    batch = RECORDS[0].model_copy(update={"violations": (absent, *rules[1:], *RECORDS[0].violations)})
    assert batch.stopped_by == "weather: sentence 0; sentence 1; sentence 2; and 2 more rules"


def test_a_column_is_told_from_a_detector_by_what_it_is_and_in_older_rows_by_its_name() -> None:
    stored = {"column": "novel: town", "method": "novel", "threshold": None, "score": None, "drifted": False}
    old, odd = ColumnDrift(**stored), ColumnDrift(**stored | {"method": "psi", "column": "psi: a: b", "beside": False})
    assert (old.beside, old.watched) == (True, "town")
    assert (odd.beside, odd.watched) == (False, "psi: a: b")
    assert ColumnDrift.model_validate(odd.model_dump(mode="json")) == odd


def test_columns_and_detectors_are_counted_apart() -> None:
    found = [("weight", "psi", True), ("town", "psi", False), ("clock: at", "clock", False), ("a: b", "psi", False)]
    columns = [ColumnDrift(column=c, method=m, threshold=None, score=None, drifted=drifted) for c, m, drifted in found]
    assert drifted_of(columns) == "1 of 3 columns and 0 of 1 detector scores drifted"
    assert drifted_of(columns[:2]) == "1 of 2 columns drifted"
    assert drifted_of(columns[2:3]) == "0 of 1 detector scores drifted"
