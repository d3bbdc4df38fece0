"""How long what piles up is kept."""

import pytest
from pydantic import ValidationError

from ml.retention import Retention


def test_what_models_were_fitted_on_is_kept_for_ever_when_nothing_is_said():
    kept = Retention()
    assert (kept.snapshots, kept.versions, kept.challengers) == (None, None, 90)


@pytest.mark.parametrize(("written", "days"), [("forever", None), ("365d", 365), ("26w", 182)])
def test_a_span_is_written_in_days_or_weeks_or_is_for_ever(written, days):
    assert Retention(snapshots=written).snapshots == days


@pytest.mark.parametrize(
    ("written", "words"), [("6d", "greater than or equal to 7"), ("never", "is not a span of days")]
)
def test_a_span_under_a_week_or_another_word_is_refused(written, words):
    with pytest.raises(ValidationError, match=words):
        Retention(pages=written)
