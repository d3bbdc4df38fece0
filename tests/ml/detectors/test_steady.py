import polars as pl

from ml.detectors import Steady


def stays(value):
    return lambda frame: frame.with_columns(heat=pl.lit(value))


def test_a_rare_reading_that_stays_weighs_more_than_a_common_one(scored) -> None:
    """Half of all readings are at the limit of the instrument, as ten miles of sight are."""

    def often(frame):
        early = pl.col("at").dt.hour() < 14
        return frame.with_columns(heat=pl.when(early).then(40.0).otherwise("heat"))

    detector = Steady(by="town", columns=("heat",))
    limit = scored(detector, lambda f: stays(40.0)(f) if f["at"][0].day == 9 else often(f), last=40)["steady: heat"]
    low = scored(detector, lambda f: stays(3.0)(f) if f["at"][0].day == 9 else often(f), last=40)["steady: heat"]
    assert low[-1] > 3 * limit[-1]


def test_a_run_that_ended_before_today_is_over(scored) -> None:
    values = scored(Steady(by="town", columns=("heat",)), lambda f: stays(3.0)(f) if f["at"][0].day == 8 else f, last=2)
    assert values["steady: heat"][-2] > 3 * values["steady: heat"][-1]
