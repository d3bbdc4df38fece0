from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice

import pendulum
import pytest

from ml.days import night_of

pytestmark = pytest.mark.integration


def nights(timezone: str, cron: str, first: str) -> Iterator[tuple[pendulum.DateTime, str]]:
    from airflow.timetables.base import TimeRestriction

    from plugins.nights import NightTimetable

    timetable, info = NightTimetable(cron, timezone=timezone), None
    restriction = TimeRestriction(earliest=pendulum.parse(first, tz=timezone), latest=None, catchup=True)
    while info := timetable.next_dagrun_info_v2(last_dagrun_info=info, restriction=restriction):
        yield info.run_after.in_timezone(timezone), info.partition_key


def test_the_key_is_the_day_that_was_over_when_the_night_started():
    run, key = next(nights("America/New_York", "0 2 * * *", "2026-11-23"))
    assert (run.to_datetime_string(), key) == ("2026-11-23 02:00:00", "2026-11-22")


@pytest.mark.parametrize(
    ("timezone", "cron", "first"),
    [
        ("America/New_York", "0 2 * * *", "2026-03-01"),  # 02:00 does not exist on 03-08
        ("America/New_York", "30 1 * * *", "2026-10-25"),  # 01:30 comes twice on 11-01
        ("America/New_York", "0 2 * * *", "2026-10-25"),
        ("Europe/Berlin", "30 2 * * *", "2026-03-22"),
        ("America/Santiago", "0 0 * * *", "2026-09-01"),  # midnight does not exist on 09-06
        ("UTC", "0 2 * * *", "2026-03-01"),
    ],
)
def test_every_day_is_run_once_also_when_the_clocks_change(timezone: str, cron: str, first: str):
    found = list(islice(nights(timezone, cron, first), 14))
    assert [key for _, key in found] == [str(run.date().subtract(days=1)) for run, _ in found]
    assert len({key for _, key in found}) == 14
    days = sorted(date.fromisoformat(key) for _, key in found)
    assert (days[-1] - days[0]).days == 13


def test_airflow_starts_no_night_before_our_own_reckoning_says_it_starts():
    for run, key in islice(nights("America/New_York", "0 2 * * *", "2026-01-01"), 365):
        night = night_of(date.fromisoformat(key), time(2), "America/New_York")
        assert run.timestamp() == night.timestamp()


@pytest.mark.filterwarnings("ignore:GitWildMatchPattern:DeprecationWarning")  # Airflow reads .airflowignore with it
def test_the_scheduler_gets_the_same_timetable_back():
    from airflow.serialization.decoders import decode_timetable
    from airflow.serialization.encoders import encode_timetable

    from plugins.nights import NightTimetable

    timetable = NightTimetable("30 3 * * *", timezone="America/New_York")
    again = decode_timetable(encode_timetable(timetable))
    assert type(again) is NightTimetable
    assert again.serialize() == timetable.serialize()
    assert again.summary == "30 3 * * * America/New_York"


def test_a_backfill_takes_both_ends_of_its_range():
    from plugins.nights import NightTimetable

    timetable = NightTimetable("0 2 * * *", timezone="America/New_York")
    utc = pendulum.timezone("UTC")
    infos = timetable.iter_partition_dagrun_infos(
        earliest=datetime(2026, 3, 7, tzinfo=utc), latest=datetime(2026, 3, 9, tzinfo=utc)
    )
    assert [info.partition_key for info in infos] == ["2026-03-07", "2026-03-08", "2026-03-09"]
