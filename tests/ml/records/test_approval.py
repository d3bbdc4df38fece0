"""Of the answers there are, two let a version into Production."""

from datetime import UTC, date, datetime
from typing import get_args

from ml.records import Answer, Approval


def test_only_a_yes_or_that_nobody_was_asked_grants_it():
    about = {"pipeline": "p", "day": date(2013, 1, 31), "run_id": "r", "version": 1, "by": "ada"}
    at = datetime(2013, 2, 1, tzinfo=UTC)
    granted = {answer for answer in get_args(Answer) if Approval(**about, answer=answer, at=at).granted}
    assert granted == {"auto", "approved"}
