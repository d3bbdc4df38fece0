from datetime import date

import polars as pl

from ml.drilling.exercise import Judged, broken_anew, exercise, rule_name
from ml.drills import Injected, Strike
from ml.records import Violation

DAY = date(2013, 6, 1)
CLEAN = Judged((), frozenset())


def violation(rule="range", rows=1, stops=False, **more):
    return Violation(column="weight", rule=rule, rows=rows, sentence="", stops=stops, **more)


def outcome(damaged, judged, clean=CLEAN):
    rows = pl.Series(damaged)
    done = Injected({}, {}, (Strike("tiny", ("weight",), int(rows.sum())),), "weight: spoiled")
    return exercise("spike", DAY, done, rows, clean, judged)


def test_half_of_the_damaged_rows_refused_is_caught():
    judged = Judged((violation(rows=2),), frozenset({0, 1}))
    assert outcome([True, True, True, True, False], judged).caught
    assert not outcome([True, True, True, True, True], judged).caught


def test_refused_rows_that_are_sound_do_not_count():
    one = outcome([True, True, False], Judged((violation(),), frozenset({2})))
    assert not one.caught
    assert one.refused == 0


def test_a_stopped_day_is_caught_whatever_was_damaged():
    one = outcome([False, False], Judged((violation("min_rows", 2, stops=True),), frozenset()))
    assert one.caught
    assert one.by == ("weight min_rows",)


def test_a_stop_that_the_clean_day_has_too_is_none():
    stop = violation("min_rows", 2, stops=True)
    assert not outcome([True], Judged((stop,), frozenset()), Judged((stop,), frozenset())).caught


def test_what_the_clean_day_breaks_in_fewer_rows_counts():
    known, worse = violation(rows=1), violation(rows=5)
    assert broken_anew([known], [worse]) == [worse]
    assert broken_anew([known], [known]) == []


def test_rules_that_stop_come_first_and_consequences_last():
    found = (violation("refused", stops=True), violation("range"), violation("nulls", stops=True))
    assert outcome([True], Judged(found, frozenset({0}))).by == ("weight nulls", "weight range", "weight refused")


def test_a_rule_is_named_with_its_table():
    assert rule_name(violation(table="scales")) == "scales.weight range"
    assert rule_name(Violation(column=None, rule="unique", rows=1, sentence="")) == "unique"


def test_what_is_left_of_a_table_is_unlike_history_because_of_what_was_refused():
    found = (violation("history.values", stops=True), violation("refused", stops=True), violation("range"))
    assert outcome([True], Judged(found, frozenset({0}))).by[0] == "weight range"
    alone = (violation("history.values", stops=True), violation("range"))
    assert outcome([True], Judged(alone, frozenset({0}))).by[0] == "weight history.values"
