from dataclasses import replace

import numpy
import polars as pl
import pytest

from ml.detectors import Label
from tests.ml.detectors.conftest import ANSWERED, PLACE


def all_late(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(late=pl.lit(1))


def test_a_rate_that_moved_is_seen(scored) -> None:
    values = scored(Label(days=3), all_late, ANSWERED, last=3)["label: late"]
    assert values[-1] > 2 * values[:-3].max()


def test_the_score_is_the_distance_of_the_rates_in_standard_deviations(scored, frames) -> None:
    before, after = (pl.concat(frames[part])["late"].mean() for part in (slice(25, 37), slice(37, 40)))
    expected = abs(after - before) / (before * (1 - before)) ** 0.5
    assert scored(Label(days=3), place=ANSWERED)["label: late"][-1] == pytest.approx(expected)


def test_a_label_that_was_not_known_yet_is_not_looked_at(scored) -> None:
    later = replace(ANSWERED, label_delay=2)
    found = [scored(Label(days=3), spoil, later, last=2)["label: late"] for spoil in (None, all_late)]
    assert numpy.array_equal(*found)
    assert scored(Label(days=3), all_late, later, last=3)["label: late"][-1] != found[0][-1]


def test_days_without_labels_have_no_score(scored) -> None:
    values = scored(Label(days=3), lambda frame: frame.with_columns(late=None), ANSWERED, last=3)["label: late"]
    assert numpy.isnan(values[-1])


def test_a_number_moves_too(scored) -> None:
    place = replace(ANSWERED, label="heat", task="regression")
    values = scored(Label(days=3), lambda frame: frame.with_columns(pl.col("heat") + 30), place, last=3)["label: heat"]
    assert values[-1] > 2 * values[:-3].max()


def test_without_a_label_there_is_nothing_to_watch(scored) -> None:
    assert Label().names(PLACE) == ()
    assert scored(Label()) == {}
