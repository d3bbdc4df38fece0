from datetime import time

import pytest
from pydantic import ValidationError

from ml.config import Schedule


def test_a_schedule_is_a_cron_line_of_its_timezone() -> None:
    assert Schedule(at="04:30", timezone="Europe/Berlin").cron == "30 4 * * *"
    assert Schedule().cron == "0 2 * * *"


def test_a_schedule_survives_json() -> None:
    schedule = Schedule(at=time(4, 30))
    assert Schedule.model_validate_json(schedule.model_dump_json()) == schedule


@pytest.mark.parametrize("at", ["25:00", "02:00:30", "02:00+01:00", 750, "soon"])
def test_a_time_is_hours_and_minutes(at) -> None:
    with pytest.raises(ValidationError):
        Schedule(at=at)


@pytest.mark.parametrize("timezone", ["Mars/Base", "", "../etc/passwd", "/etc/localtime"])
def test_a_timezone_is_one_that_is_known(timezone) -> None:
    with pytest.raises(ValidationError, match="is not a timezone"):
        Schedule(timezone=timezone)
