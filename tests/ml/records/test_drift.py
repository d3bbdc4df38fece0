"""Drifted columns are counted, and told from the scores of detectors."""

from datetime import date

from ml.records import ColumnDrift, DriftReport, drifted_of

DAY = date(2013, 1, 31)


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


def test_the_drift_share_counts_drifted_columns():
    assert report(("a", True), ("b", False)).share == 0.5
    assert report(("a", True), ("b", False)).drifted == ("a",)


def test_a_report_without_columns_has_no_share():
    assert report().share == 0.0


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
