import polars as pl
import pytest

from ml.drills import CategoryMerged, CategoryRenamed, TextTruncated
from ml.drills.lookups import looked_up
from ml.drills.scene import Scene
from tests.ml.drills.conftest import DAYS, TRIPS


@pytest.fixture
def towns(trips):
    """The trips, each to one of 24 towns whose height was looked up."""
    town = pl.format("Town {}", pl.col("trip") % 24)
    own = trips["trips"].with_columns(line=town, length=(pl.col("trip") % 24) * 10.0)
    return {"trips": own, "weather": trips["weather"]}


def test_what_depends_on_a_text_alone_was_looked_up(towns):
    scene = Scene.of(towns, TRIPS, None)
    assert looked_up(scene, "line") == ["length"]
    assert looked_up(scene, "station") == []


def test_a_text_that_is_not_known_finds_nothing(towns, today):
    done = TextTruncated(column="line").inject(towns, TRIPS, DAYS[-1:])
    cut = today(done.tables).filter(today(done.tables)["line"] != today(towns)["line"])
    assert cut.height == today(towns).filter(pl.col("line").str.len_chars() == 7).height
    # of Town 10 is left Town 1, which is known
    assert set(cut["line"]) == {"Town 1", "Town 2"}
    assert set(cut["length"]) == {10.0, 20.0}


def test_a_new_name_finds_nothing(towns, today):
    done = CategoryRenamed(column="line", value="Town 3", to="Town X", least=0).inject(towns, TRIPS, DAYS[-1:])
    renamed = today(done.tables).filter(pl.col("line") == "Town X")
    assert renamed.height == 8
    assert renamed["length"].null_count() == 8
    assert done.strikes[0].columns == ("line", "length")


def test_under_another_name_the_other_is_found(towns, today):
    fault = CategoryMerged(column="line", value="Town 3", into="Town 7", least=0)
    done = fault.inject(towns, TRIPS, DAYS[-1:])
    assert set(today(done.tables).filter(pl.col("line") == "Town 7")["length"]) == {70.0}
