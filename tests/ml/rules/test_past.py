from datetime import date, timedelta

import polars as pl

from ml.profiles import profile
from ml.rules.past import Past

FIRST = date(2013, 1, 1)


def past(*days, back=10):
    found = Past(back)
    for n, values in enumerate(days):
        found.add(FIRST + timedelta(days=n), profile(pl.DataFrame({"x": values}, schema={"x": pl.Int64})))
    return found


def test_it_remembers_on_how_many_days_a_value_was_there():
    found = past([1, 1, 2], [2, 3])
    assert dict(found.values("x")) == {1: 1, 2: 2, 3: 1}
    assert [column.rows for column in found.of("x")] == [3, 2]
    assert len(found) == len(found.tables) == 2


def test_days_that_are_too_old_are_forgotten():
    found = past([1], [2], [3], back=2).until(FIRST + timedelta(days=3))
    assert [day.day for day, _ in found.tables] == [2, 3]
    assert (found.values("x")[1], found.values("x")[2]) == (0, 1)
    assert [column.mean for column in found.of("x")] == [2.0, 3.0]


def test_days_without_a_value_count_for_the_table_and_not_for_the_column():
    found = past([None], [1]).until(FIRST + timedelta(days=2))
    assert (len(found), len(found.of("x"))) == (2, 1)
    found.until(FIRST + timedelta(days=11))
    assert (len(found), len(found.of("x"))) == (1, 1)


def test_a_column_that_was_never_there_has_no_past():
    assert not past([1]).of("y")
    assert not past([1]).values("y")
    assert (past([1]).most_nulls("y"), past([1]).fewest_distinct("y"), past([1]).counted("y")) == (0.0, 0, 0)


def test_it_remembers_the_extremes_of_the_window():
    found = past([1, None], [1, 2, None, 3], [1, 2, 3, 4], back=2)
    assert (found.most_nulls("x"), found.fewest_distinct("x"), found.counted("x")) == (0.5, 1, 3)
    found.until(FIRST + timedelta(days=3))
    assert (found.most_nulls("x"), found.fewest_distinct("x"), found.counted("x")) == (0.25, 3, 2)
