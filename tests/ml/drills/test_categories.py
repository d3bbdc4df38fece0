import pytest

from ml.drills import CategoryMerged, CategoryRenamed
from ml.errors import CannotStrike


def test_two_categories_become_one(strike, today, before):
    done = strike(CategoryMerged(column="line", value="A1", into="B2"))
    assert set(today(done.tables)["line"]) == {"B2", "Müns"}
    assert done.strikes[0].rows == (before["line"] == "A1").sum()


def test_a_category_is_renamed_in_every_table(strike, today):
    done = strike(CategoryRenamed(column="station", value="North"))
    assert set(today(done.tables)["station"]) == {"Opsui", "South"}
    assert set(today(done.tables, "weather", "observed")["station"]) == {"Opsui", "South"}


def test_a_new_name_is_of_the_same_shape_and_free(strike):
    assert strike(CategoryRenamed(column="line", value="A1")).detail == "line: A1 is called C3"


def test_a_new_name_can_be_told(strike, today):
    assert "a1" in set(today(strike(CategoryRenamed(column="line", value="A1", to="a1")).tables)["line"])


def test_a_rare_category_is_left_alone(strike):
    with pytest.raises(CannotStrike, match="a category"):
        strike(CategoryRenamed(least=0.99))
