"""Who served a day, and who is compared."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ml.records import Promotion
from ml.worth.served import move, pairs

DAY = date(2013, 6, 1)


def book(*moves):
    """Promotions as (day of June, version), each replacing the one before."""
    found, before = [], None
    for day, version in moves:
        found.append(
            Promotion(
                pipeline="tiny",
                day=date(2013, 6, day),
                version=version,
                previous=before,
                run_id="r",
                snapshot="s",
                at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )
        before = version
    return found


def compared(moves, day, stale=28):
    return [(p.version, p.other, p.against) for p in pairs(moves, date(2013, 6, day), stale)]


def test_what_a_night_promoted_serves_from_the_next_day_on():
    moves = book((1, 1), (4, 2))
    assert move(moves, date(2013, 6, 1)) is None
    assert [move(moves, date(2013, 6, n)).version for n in (2, 4, 5, 30)] == [1, 1, 2, 2]


def test_a_day_of_the_first_version_is_compared_with_nobody():
    assert compared(book((1, 1)), 9) == []
    assert compared([], 9) == []


def test_a_later_day_is_compared_with_the_one_replaced_and_the_one_that_would_be_stale():
    moves = book((1, 1), (4, 2), (6, 3))
    assert compared(moves, 5) == [(2, 1, "replaced"), (2, 1, "stale")]
    assert compared(moves, 7) == [(3, 2, "replaced"), (3, 1, "stale")]
    assert compared(moves, 9, stale=4) == [(3, 2, "replaced"), (3, 2, "stale")]
    assert compared(moves, 20, stale=4) == [(3, 2, "replaced")]


def test_the_version_that_came_last_on_a_day_serves_the_next_one():
    assert compared(book((1, 1), (4, 2), (4, 1)), 5) == [(1, 2, "replaced")]


def test_a_version_that_came_days_after_its_night_served_no_day_before():
    first, late = book((1, 1), (4, 2))
    came = first.at + timedelta(days=30)
    moves = [first, late.model_copy(update={"at": came})]
    began = {date(2013, 6, 5 + n): came + timedelta(days=n - 2, hours=1) for n in range(6)}
    assert [move(moves, date(2013, 6, n), began).version for n in (4, 5, 6, 7, 8, 20)] == [1, 1, 1, 2, 2, 2]
    assert pairs(moves, date(2013, 6, 5), 28, began) == []
    assert [pair.other for pair in pairs(moves, date(2013, 6, 7), 28, began)] == [1, 1]


@given(st.lists(st.integers(1, 5), min_size=1, max_size=8), st.integers(1, 40), st.integers(1, 30))
def test_nobody_is_compared_with_itself_and_each_comparison_is_there_once(versions, day, stale):
    moves = book(*((n + 1, version) for n, version in enumerate(versions)))
    found = pairs(moves, DAY + timedelta(days=day), stale)
    assert all(pair.version != pair.other for pair in found)
    assert len({pair.against for pair in found}) == len(found)
