"""What a diagnosis looks at."""

from dataclasses import replace

import pandas as pd


def test_moved_columns_come_first_and_the_event_time_never(quiet):
    case = replace(quiet, moved=("miles", "carrier"), columns=("at", *quiet.columns))
    assert case.numbers == ("miles", "temp", "dewp")
    assert case.categories == ("carrier", "origin")


def test_columns_that_one_side_lacks_are_not_looked_at(quiet):
    assert "temp" not in replace(quiet, current=quiet.current.drop(columns="temp")).numbers


def test_what_a_column_would_be_leaves_the_rows_as_they_are(quiet):
    before = quiet.current.copy()
    assert quiet.would_be("temp", quiet.current["temp"] + 40) > 1 > quiet.would_be("temp", quiet.current["temp"])
    pd.testing.assert_frame_equal(quiet.current, before)
