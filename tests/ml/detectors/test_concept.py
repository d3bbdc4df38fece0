from dataclasses import replace
from datetime import timedelta

import numpy
import polars as pl
import pytest

from ml.detectors import Concept
from tests.ml.detectors.conftest import ANSWERED, FIRST, PLACE, risk

DETECTOR = Concept(days=3)
NAME = "concept: late"
RIGHT = replace(ANSWERED, predict=risk)


def inverted(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(late=1 - pl.col("late"))


def test_labels_that_no_longer_follow_the_scores_are_seen(scored) -> None:
    values = scored(DETECTOR, inverted, RIGHT, last=2)[NAME]
    assert values[-1] > 3 * values[:-2].max()


def test_rows_that_are_harder_and_known_to_be_alarm_nobody(scored) -> None:
    """All at even odds, labels as foretold: the loss is as high as it can be, and nothing is wrong."""

    def harder(frame):
        even = frame.with_columns(heat=pl.lit(20.0))
        return even.with_columns(late=pl.int_range(pl.len()) % 2)

    values = scored(DETECTOR, harder, RIGHT, last=3)[NAME]
    assert values[-1] <= values[:-3].max()


def test_the_score_is_realised_minus_expected_log_loss(scored, frames) -> None:
    from sklearn.metrics import log_loss

    def excess(part):
        rows = pl.concat(frames[part])
        p = risk(rows)
        expected = -(p * numpy.log(p) + (1 - p) * numpy.log(1 - p)).mean()
        return log_loss(rows["late"].to_numpy(), p) - expected

    gained = excess(slice(37, 40)) - excess(slice(25, 37))
    assert scored(DETECTOR, place=RIGHT)[NAME][-1] == pytest.approx(max(gained, 0.0))
    gained = excess(slice(36, 39)) - excess(slice(24, 36))
    assert scored(DETECTOR, place=RIGHT)[NAME][-2] == pytest.approx(max(gained, 0.0))


def test_the_error_of_a_regression_is_in_units_of_the_reference(scored) -> None:
    place = replace(ANSWERED, label="damp", task="regression", predict=lambda rows: 90 - 2 * rows["heat"].to_numpy())
    values = scored(DETECTOR, lambda frame: frame.with_columns(pl.col("damp") + 5), place, last=3)["concept: damp"]
    assert values[-1] > 3 * values[:-3].max()


def test_days_that_the_champion_was_fitted_on_do_not_count(scored) -> None:
    place = replace(RIGHT, fitted_to=FIRST + timedelta(days=30))
    values = scored(DETECTOR, place=place)[NAME]
    known = numpy.flatnonzero(~numpy.isnan(values)) + 14
    assert known.tolist() == [36, 37, 38, 39]
    spoiled = scored(DETECTOR, lambda f: f.with_columns(late=1), place, last=40)[NAME]
    assert spoiled.shape == values.shape
    late = FIRST + timedelta(days=36)
    assert DETECTOR.silent(late - timedelta(days=1), place) == (
        f"the champion was fitted on days up to {FIRST + timedelta(days=30)}; it is judged from {late} on"
    )
    assert DETECTOR.silent(late, place) == "not enough rows"


def test_a_label_that_was_not_known_yet_is_not_looked_at(scored) -> None:
    later = replace(RIGHT, label_delay=2)
    quiet, spoiled = (scored(DETECTOR, spoil, later, last=2)[NAME] for spoil in (None, inverted))
    assert numpy.array_equal(quiet, spoiled)


def test_without_a_champion_there_is_a_sentence_and_no_score(scored) -> None:
    assert numpy.isnan(scored(DETECTOR, place=ANSWERED)[NAME]).all()
    assert DETECTOR.silent(FIRST, ANSWERED) == "no champion yet"


def test_without_a_label_there_is_nothing_to_watch(scored) -> None:
    assert DETECTOR.names(PLACE) == ()
    assert scored(DETECTOR) == {}
