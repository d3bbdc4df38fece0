import numpy
import polars as pl
import pytest

from ml.detectors import Frozen, Steady


def held(frame):
    first = frame.filter(pl.col("town") == "Bonn")["heat"][0]
    return frame.with_columns(heat=pl.when(pl.col("town") == "Bonn").then(first).otherwise("heat"))


@pytest.mark.parametrize("member", [Frozen, Steady])
def test_a_sensor_that_stands_still_while_others_move_is_seen(scored, member) -> None:
    (values,) = scored(member(by="town", columns=("heat",)), held).values()
    assert values[-1] > 2 * values[:-1].max()


def test_the_evidence_grows_from_night_to_night(scored) -> None:
    def same(frame):
        return frame.with_columns(heat=pl.when(pl.col("town") == "Bonn").then(20.0).otherwise("heat"))

    values = scored(Frozen(by="town", columns=("heat",)), same, last=3)["frozen: heat"]
    assert values[-3] < values[-2] < values[-1]


def test_all_standing_still_together_is_weather(scored) -> None:
    values = scored(Frozen(by="town", columns=("heat",)), lambda f: f.with_columns(heat=pl.lit(20.0)), last=3)
    assert values["frozen: heat"][-1] < 3


def test_one_place_has_nothing_to_be_compared_with(scored) -> None:

    def one(frame):
        return frame.filter(pl.col("town") == "Bonn")

    assert numpy.isnan(scored(Frozen(by="town", columns=("heat",)), one, last=40)["frozen: heat"]).all()
