"""Rows that are not there, there twice, or there at another hour."""

from dataclasses import replace

import pandas as pd

from ml.diagnosis import rows

SIGNS = (rows.absent_hours, rows.shifted_clock, rows.absent_source, rows.duplicated)


def signs(case):
    return [e.sign for sign in SIGNS for e in sign(case)]


def test_a_quiet_day_shows_no_sign(quiet):
    assert signs(quiet) == []


def test_half_a_file_lacks_its_hours(quiet):
    (found,) = rows.absent_hours(replace(quiet, current=quiet.current[quiet.current["at"].dt.hour < 12]))
    assert "from 12:00 to 22:59" in found.sentence


def test_a_clock_that_is_three_hours_off_is_told_from_a_missing_morning(happened):
    (found,) = rows.shifted_clock(happened(at=lambda r: r["at"] + pd.Timedelta(hours=3)))
    assert "3 h later" in found.sentence


def test_a_source_that_sent_half_its_rows(quiet):
    kept = quiet.current[(quiet.current["origin"] != "JFK") | (quiet.current.index % 2 == 0)]
    (found,) = rows.absent_source(replace(quiet, current=kept))
    assert found.column == "origin"
    assert "'JFK'" in found.sentence


def test_fewer_rows_everywhere_are_no_absent_source(quiet):
    assert list(rows.absent_source(replace(quiet, current=quiet.current.iloc[::3]))) == []


def test_rows_that_are_there_twice(quiet):
    twice = pd.concat([quiet.current, quiet.current])
    assert signs(replace(quiet, current=twice)) == ["duplicated"]
