import numpy
import polars as pl
import pytest

from ml.detectors import Classifier, Place
from ml.detectors.classifier import even
from ml.detectors.windows import Night
from tests.ml.detectors.conftest import PLACE

pytestmark = pytest.mark.integration

NAME = "classifier: whole rows"


@pytest.mark.parametrize("last", [1, 2])
def test_another_unit_is_told_apart_once_it_is_there_on_two_days(scored, last) -> None:
    """One odd day is left out when it is asked about, so it takes a second one: nothing else like it was learnt."""
    detector = Classifier(columns=("damp",))
    quiet = scored(detector)[NAME]
    values = scored(detector, lambda frame: frame.with_columns(pl.col("damp") * 3 + 200), last=last)[NAME]
    assert (values[-1] > 0.45) == (last == 2)
    assert numpy.array_equal(values[:-last], quiet[:-last])


def test_a_day_is_not_known_by_its_own_level(scored) -> None:
    """Every day has a level of its own here; asked about rows of days that it knew, it would be sure every night."""
    values = scored(Classifier(columns=("heat", "town"), days=7))[NAME]
    assert numpy.median(values) < 0.2


def test_only_upward_counts(scored) -> None:
    values = scored(Classifier())[NAME]
    assert values.min() >= 0
    assert values.max() <= 0.5


def test_a_category_alone_is_enough(scored) -> None:
    def spoil(frame):
        return frame.with_columns(town=pl.lit("Celle"))

    values = scored(Classifier(columns=("town",)), spoil, last=2)[NAME]
    assert values[-1] > values[:-2].max() + 0.2


def test_the_same_days_give_the_same_score_to_the_last_bit(scored) -> None:
    assert numpy.array_equal(scored(Classifier())[NAME], scored(Classifier())[NAME])


def test_it_looks_at_a_bounded_number_of_rows(frames) -> None:
    detector = Classifier(rows=100)
    assert detector.summary(frames[0], PLACE).numbers.shape == (50, 2)
    assert detector.summary(frames[0], PLACE).rows == frames[0].height


def test_without_a_second_day_there_is_no_score(frames, days) -> None:
    kept = [Classifier().summary(frame, PLACE) for frame in frames]
    lonely = Night(days[-1], (), (39,))
    assert numpy.isnan(Classifier().scores(days, kept, [lonely], 50, PLACE)[NAME][0])


def test_rows_are_taken_at_even_distances() -> None:
    assert even(10, 4).tolist() == [0, 2, 5, 7]
    assert even(3, 4).tolist() == [0, 1, 2]
    assert even(0, 4).tolist() == []


def test_days_without_rows_are_on_neither_side(scored) -> None:
    def gone(frame):
        return frame.clear() if frame["at"][0].day == 8 else frame

    assert numpy.isfinite(scored(Classifier(), gone, last=20)[NAME][-1])


def test_without_columns_there_is_nothing_to_tell_apart(scored) -> None:
    assert scored(Classifier(), place=Place("at")) == {}
