from datetime import datetime

import numpy
import polars as pl

from ml.detectors.readings import in_a_row, newest, readings
from ml.detectors.windows import Night

FRAME = pl.DataFrame(
    {
        "at": [datetime(2013, 1, 1, hour, minute) for hour, minute in ((5, 0), (5, 30), (7, 0))],
        "town": ["Bonn", "Bonn", "Celle"],
        "heat": [None, 3.0, 4.0],
    }
)


def test_a_reading_is_the_first_value_of_its_hour_and_place() -> None:
    found = readings(FRAME, "heat", "town", "at")
    assert (found["Bonn"][5], found["Celle"][7]) == (3.0, 4.0)
    assert numpy.isnan(found["Bonn"]).sum() == 23


def test_without_the_columns_there_are_no_readings() -> None:
    assert readings(FRAME, "damp", "town", "at") == {}
    assert readings(FRAME.with_columns(pl.col("heat").cast(pl.String)), "heat", "town", "at") == {}


def test_days_stand_in_a_row_with_gaps() -> None:
    row = in_a_row([readings(FRAME, "heat", "town", "at"), {}], "Bonn")
    assert row.shape == (48,)
    assert (~numpy.isnan(row)).sum() == 1


def test_a_week_is_looked_back_or_all_current_days() -> None:
    from datetime import date

    assert newest(Night(date(2013, 1, 9), tuple(range(8)), (8,))) == (2, 3, 4, 5, 6, 7, 8)
    assert len(newest(Night(date(2013, 1, 9), (0,), tuple(range(1, 15))))) == 14
