import pytest

from ml.occasions import WorseSlices
from tests.ml.occasions.conftest import slice_score

SLICES = [
    *(slice_score("challenger", 0.58), slice_score("champion", 0.51)),
    *(slice_score("challenger", 0.90, of="EWR", rows=50), slice_score("champion", 0.51, of="EWR", rows=50)),
]


def test_the_worst_slice_with_rows_enough_is_named(case):
    assert WorseSlices(margin=0.05).reason(case(slices=SLICES)) == (
        "where origin is JFK (500 rows) its log_loss is 0.58: worse than the champion's by 0.07 (> 0.05)"
    )


@pytest.mark.parametrize("slices", [(), SLICES[:1], SLICES[1:2], [slice_score("challenger", float("nan")), SLICES[1]]])
def test_what_cannot_be_compared_is_no_occasion(slices, case):
    assert WorseSlices().reason(case(slices=slices)) is None


def test_within_the_margin_it_is_no_occasion(case):
    assert WorseSlices(margin=0.07).reason(case(slices=SLICES)) is None
