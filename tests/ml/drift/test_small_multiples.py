"""Before and after, for a phone."""

import numpy as np
import pandas as pd
import pytest

from ml.drift.small_multiples import before_after

pytestmark = pytest.mark.integration

RANDOM = np.random.default_rng(0)
BEFORE = pd.DataFrame({"temp": RANDOM.normal(50, 9, 500), "carrier": RANDOM.choice(["UA", "DL"], 500), "late": True})
AFTER = pd.DataFrame({"temp": RANDOM.normal(20, 9, 100), "carrier": RANDOM.choice(["UA", "B6"], 100), "late": False})


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def test_the_same_rows_are_the_same_picture():
    assert before_after(BEFORE, AFTER, ["temp", "carrier"]) == before_after(BEFORE, AFTER, ["temp", "carrier"])


def test_other_rows_are_another_picture():
    assert before_after(BEFORE, AFTER, ["temp"]) != before_after(BEFORE, BEFORE, ["temp"])


def test_each_column_has_a_panel_and_the_width_fits_a_mail():
    one, three = (size(before_after(BEFORE, AFTER, names)) for names in (["temp"], ["temp", "carrier", "late"]))
    assert one[0] == three[0] < 640
    assert one[1] < three[1]


def test_a_column_that_one_side_lacks_is_left_out():
    assert before_after(BEFORE, AFTER.drop(columns="late"), ["temp", "late"]) == before_after(BEFORE, AFTER, ["temp"])


def test_without_any_column_in_common_it_says_so():
    with pytest.raises(ValueError, match="none of the columns humid"):
        before_after(BEFORE, AFTER, ["humid"])


@pytest.mark.parametrize(
    "values",
    [
        [None] * 4,
        [np.inf, -np.inf, np.nan, 1.0],
        [7.0] * 4,
        [1e300, -1e300, 0.0, 1.0],
        ["$a$ \\frac{", "日本語 🙂", "line\nbreak" * 20, "</script><b>"],
        [True, None, False, True],
    ],
)
def test_whatever_the_values_are_it_is_drawn(values):
    odd = pd.DataFrame({"odd": values})
    assert size(before_after(odd, odd, ["odd"]))[0] > 0
    assert size(before_after(pd.DataFrame({"odd": [1.0, 2.0]}), odd, ["odd"]))[0] > 0
