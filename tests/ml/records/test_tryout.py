"""A tryout says beforehand what becomes of it when nothing was shown."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from ml.records import Tryout

AT = datetime(2013, 2, 1, tzinfo=UTC)
ABOUT = {"pipeline": "p", "day": date(2013, 1, 31), "run_id": "r", "version": 2, "champion_version": 1}
TERMS = {"kind": "canary", "share": 0.1, "metric": "log_loss", "alpha": 0.05, "deadline": AT, "at": AT}


@pytest.mark.parametrize("undecided", ["pass", "stop"])
def test_without_a_proof_a_tryout_passes_or_stops(undecided):
    assert Tryout(**ABOUT, **TERMS, undecided=undecided).undecided == undecided


def test_a_tryout_cannot_leave_open_what_becomes_of_it():
    with pytest.raises(ValidationError, match="undecided"):
        Tryout(**ABOUT, **TERMS)
