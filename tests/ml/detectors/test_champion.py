import polars as pl

from ml.detectors import Champion, Place
from tests.ml.detectors.conftest import PLACE

SEEN = Place(PLACE.event_time, PLACE.columns, lambda frame: frame["heat"].to_numpy() / 100)


def test_what_the_champion_feels_is_seen(scored) -> None:
    values = scored(Champion(), lambda frame: frame.with_columns(heat=pl.col("heat") * 3), SEEN)["champion: score"]
    assert values[-1] > 3 * values[:-1].max()


def test_without_a_champion_there_is_no_score(scored) -> None:
    assert Champion().names(PLACE) == ()
    assert scored(Champion()) == {}
