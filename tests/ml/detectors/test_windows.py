from datetime import date, timedelta

from ml.detectors.windows import night, nights

DAYS = [date(2013, 1, 1) + timedelta(days=n) for n in range(30)]


def test_a_night_compares_the_newest_days_with_those_before_them() -> None:
    found = night(DAYS, DAYS[20], reference=14, current=3)
    assert found.current == (18, 19, 20)
    assert found.reference == tuple(range(4, 18))


def test_a_day_that_was_not_accepted_is_not_there() -> None:
    gone = [day for day in DAYS if day != DAYS[19]]
    found = night(gone, DAYS[20], reference=14, current=3)
    assert [gone[place] for place in found.current] == [DAYS[18], DAYS[20]]


def test_only_nights_with_whole_windows_count_as_past() -> None:
    found = nights(DAYS, reference=14, current=3)
    assert found[0].day == DAYS[16]
    assert len(found[0].reference) == 14
    assert nights([], 14, 3) == []


def test_given_the_weekday_only_its_like_are_compared() -> None:
    found = night(DAYS, DAYS[28], 28, 1).given(DAYS, "weekday", None)
    assert found.reference == (0, 7, 14, 21)


def test_only_the_newest_reference_days_are_compared_when_asked() -> None:
    assert night(DAYS, DAYS[28], 28, 2).given(DAYS, None, 5).reference == (22, 23, 24, 25, 26)
