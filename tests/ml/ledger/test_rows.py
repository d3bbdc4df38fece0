"""What the ledger gives back."""

from dataclasses import FrozenInstanceError, fields
from datetime import date

import pytest

from ml.ledger import StepRow
from ml.ledger.tables import steps


def test_a_step_that_runs_has_taken_no_time_yet(ledger):
    with ledger.attempt("flights", date(2013, 1, 31), "pull"):
        assert ledger.step_rows("flights")[0].seconds is None
    assert ledger.step_rows("flights")[0].seconds >= 0


def test_a_row_cannot_be_changed(ledger):
    with ledger.attempt("flights", date(2013, 1, 31), "pull"):
        pass
    with pytest.raises(FrozenInstanceError):
        ledger.step_rows("flights")[0].outcome = "failed"


def test_a_step_row_has_every_column_of_its_table():
    assert {f.name for f in fields(StepRow)} - {"started"} == set(steps.columns.keys()) - {"at"}
