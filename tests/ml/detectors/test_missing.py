import polars as pl
import pytest

from ml.detectors import Missing


def test_nulls_and_infinities_are_missed_alike(scored) -> None:
    def spoil(frame):
        half = pl.int_range(frame.height) % 2 == 0
        return frame.with_columns(
            heat=pl.when(half).then(pl.lit(float("inf"))).otherwise("heat"),
            town=pl.when(half).then(None).otherwise("town"),
        )

    found = scored(Missing(), spoil)
    assert found["missing: heat"][-1] == pytest.approx(0.5)
    assert found["missing: town"][-1] == pytest.approx(0.5)
    assert found["missing: damp"].max() == 0.0


def test_a_column_that_is_gone_misses_all(scored) -> None:
    assert scored(Missing(columns=("heat",)), lambda frame: frame.drop("heat"))["missing: heat"][-1] == 1.0
