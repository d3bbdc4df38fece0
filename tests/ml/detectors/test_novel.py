import polars as pl
import pytest

from ml.detectors import Novel


def test_a_renamed_category_is_new_and_an_old_one_is_not(scored) -> None:
    found = scored(
        Novel(columns=("town",)), lambda frame: frame.with_columns(town=pl.col("town").replace("Bonn", "BONN"))
    )
    assert found["novel: town"][-1] == pytest.approx(1 / 3)
    assert found["novel: town"][:-1].max() == 0.0


def test_what_is_new_tonight_is_old_tomorrow(scored) -> None:
    found = scored(Novel(columns=("town",)), lambda frame: frame.with_columns(town=pl.lit("Trier")), last=2)
    assert found["novel: town"][-2:].tolist() == [1.0, 0.0]


def test_another_unit_is_another_set_of_values(scored) -> None:
    found = scored(Novel(columns=("heat",)), lambda frame: frame.with_columns(heat=pl.col("heat") * 1.8 + 32.01))
    assert found["novel: heat"][-1] > 0.95
    assert found["novel: heat"][:-1].max() < 0.6
