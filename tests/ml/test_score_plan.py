"""When the coming day is scored."""

from datetime import time

import pytest
from pydantic import ValidationError

from ml.score_plan import ScorePlan

SOURCE = {"kind": "files", "path": "x/*.parquet", "event_time": "at", "key": ["n"]}


def test_the_coming_day_is_scored_when_its_owner_says_or_when_the_night_starts():
    assert ScorePlan(source=SOURCE).starts(time(2)) == time(2)
    assert ScorePlan(source=SOURCE, at="03:30").starts(time(2)) == time(3, 30)


def test_a_number_is_no_time():
    with pytest.raises(ValidationError, match="write it as HH:MM"):
        ScorePlan(source=SOURCE, at=330)
