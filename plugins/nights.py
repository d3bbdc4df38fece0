"""When a night runs, and which data day it is for."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from airflow.sdk.timezone import convert_to_utc
from airflow.timetables.base import DagRunInfo, TimeRestriction
from airflow.timetables.trigger import CronPartitionTimetable
from pendulum import DateTime

KEY = "%Y-%m-%d"


class NightTimetable(CronPartitionTimetable):
    """One run each night, keyed by the calendar day that was over when it started.

    Airflow's own timetable takes "the tick before" for the key. On the morning when clocks go forward over the tick
    (02:00 in New York on 2026-03-08, which is 03:00) the tick before 03:00 is that same morning's 02:00: the run would
    be keyed by the day that has just begun, and the day before it would never be run. So the key is counted in days.
    """

    def __init__(self, cron: str, *, timezone: str, key_format: str = KEY, **others: object) -> None:
        super().__init__(cron, timezone=timezone, key_format=key_format, **others)  # type: ignore[arg-type]

    @property
    def summary(self) -> str:
        return f"{self._expression} {self._timezone.name}"

    def next_dagrun_info_v2(
        self, *, last_dagrun_info: DagRunInfo | None, restriction: TimeRestriction
    ) -> DagRunInfo | None:
        info = super().next_dagrun_info_v2(last_dagrun_info=last_dagrun_info, restriction=restriction)
        return None if info is None else self._keyed(info)

    def iter_partition_dagrun_infos(self, *, earliest: datetime, latest: datetime) -> Iterator[DagRunInfo]:
        """The runs of a backfill: each data day from ``earliest`` to ``latest``, both included, whatever their hour."""
        day = earliest.date()
        while day <= latest.date():
            key = day.strftime(KEY)
            start = self._start_of(key)
            yield DagRunInfo(run_after=start, data_interval=None, partition_date=start, partition_key=key)
            day += timedelta(days=1)

    def _keyed(self, info: DagRunInfo) -> DagRunInfo:
        key = (info.run_after.in_timezone(self._timezone).date() - timedelta(days=1)).strftime(KEY)
        return info._replace(partition_key=key, partition_date=self._start_of(key))

    def _start_of(self, key: str) -> DateTime:
        return convert_to_utc(self.resolve_partition_date(key))
