import polars as pl
import pytest

from ml.detectors import Clock


@pytest.mark.parametrize(
    "spoil",
    [
        lambda frame: frame.with_columns(pl.col("at") + pl.duration(hours=1)),
        lambda frame: frame.filter(pl.col("at").dt.hour() >= 17),
    ],
    ids=["an hour off", "evening only"],
)
@pytest.mark.parametrize("given", [None, "weekday"])
def test_rows_that_moved_within_the_day_are_seen(scored, spoil, given) -> None:
    values = scored(Clock(given=given), spoil)["clock: at"]
    assert values[-1] > values[:-1].max()
