"""Records to columns and back."""

from datetime import date

import pytest

from ml.ledger.book import columns
from ml.ledger.tables import metadata
from ml.records import Alert, Batch, Decision, Promotion, Reason

BOOKS = {"batches": Batch, "decisions": Decision, "promotions": Promotion, "alerts": Alert}


@pytest.mark.parametrize("table", BOOKS)
def test_every_field_of_a_record_has_a_column(table):
    assert set(BOOKS[table].model_fields) <= set(metadata.tables[table].columns.keys())


def test_records_inside_a_record_become_plain():
    decision = Decision(
        pipeline="p", day=date(2013, 1, 31), retrain=True, reasons=(Reason(kind="drift", sentence="x"),)
    )
    assert columns(decision)["reasons"] == [{"kind": "drift", "sentence": "x"}]
    assert columns(decision)["day"] == date(2013, 1, 31)
