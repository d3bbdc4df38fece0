from datetime import date, timedelta

import numpy
import polars as pl

from ml.detectors.due import answers, due
from ml.detectors.windows import Night, nights

DAYS = [date(2013, 3, 1) + timedelta(days=n) for n in range(20)]


def test_the_newest_days_end_when_labels_are_due() -> None:
    (last,) = nights(DAYS, 19, 1)[-1:]
    found = due(DAYS, last, delay=2, newest=3)
    assert found.current == (15, 16, 17)
    assert found.reference == tuple(range(15))
    assert due(DAYS, last, delay=0, newest=1) == last


def test_days_that_do_not_count_are_on_neither_side() -> None:
    found = due(DAYS, Night(DAYS[19], tuple(range(19)), (19,)), delay=1, newest=3, after=DAYS[16])
    assert (found.reference, found.current) == ((), (17, 18))


def test_a_day_that_was_not_accepted_is_not_made_up_for() -> None:
    found = due(DAYS, Night(DAYS[19], (*range(10), 18), (19,)), delay=1, newest=3)
    assert found.current == (18,)


def test_labels_are_numbers_or_nothing() -> None:
    odd = pl.DataFrame({"late": ["1", None, "soon", "1e300"]})
    assert numpy.nan_to_num(answers(odd, "late"), nan=-1).tolist() == [1, -1, -1, -1]
    assert numpy.isnan(answers(odd, "lost")).all()
    assert answers(pl.DataFrame({"late": [True, False]}), "late").tolist() == [1, 0]
