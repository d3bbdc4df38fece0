"""What Airflow loads at its start: the night's timetable."""

from airflow.plugins_manager import AirflowPlugin

from plugins.nights import NightTimetable


class NightshiftPlugin(AirflowPlugin):
    name = "nightshift"
    timetables = (NightTimetable,)
