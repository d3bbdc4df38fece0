from datetime import date, timedelta

from ml.estimated.picture import picture
from ml.records import Estimated

FIRST = date(2013, 1, 1)


def told(days=40):
    for n in range(days):
        common = {"pipeline": "p", "version": 1, "metric": "log_loss", "day": FIRST + timedelta(days=n), "rows": 9}
        if n < 10:
            yield Estimated(**common, state="unknown", why="too few", level=0.95), 0.5
        else:
            real = None if n > 37 else 0.9 if n == 20 else 0.5
            yield Estimated(**common, state="estimated", value=0.5, interval=(0.4, 0.6), level=0.95), real


def test_estimates_dots_and_what_is_unknown_are_on_one_picture():
    axes = picture(list(told())).axes[0]
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["interval", "estimated", "realised", "realised, outside", "unknown"]
    sizes = {dots.get_label(): len(dots.get_offsets()) for dots in axes.collections if "realised" in dots.get_label()}
    assert sizes == {"realised": 37, "realised, outside": 1}


def test_a_year_without_a_gap_has_no_grey_ground():
    axes = picture(list(told())[10:]).axes[0]
    assert "unknown" not in [text.get_text() for text in axes.get_legend().get_texts()]
