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


def test_what_labels_said_has_its_interval_as_a_bar_through_the_dot():
    days = list(told())
    axes = picture(days, intervals={FIRST: (0.3, 0.7), days[-5][0].day: (0.4, 0.6)}).axes[0]
    bars = [each.get_segments()[0][:, 1].tolist() for each in axes.collections if hasattr(each, "get_segments")]
    assert bars == [[0.3, 0.7], [0.4, 0.6]]


def test_no_line_goes_over_a_day_of_which_nothing_is_known():
    days = list(told())
    days[20] = (days[0][0].model_copy(update={"day": days[20][0].day}), 0.5)
    axes = picture(days).axes[0]
    [line] = [each for each in axes.lines if each.get_label() == "estimated"]
    assert [n for n, value in enumerate(line.get_ydata()) if value != value] == [*range(10), 20]


def test_a_single_unknown_day_has_a_ground_as_wide_as_a_day():
    [only] = list(told())[:1]
    axes = picture([only]).axes[0]
    [ground] = [each for each in axes.patches if each.get_zorder() == 0]
    assert ground.get_width() == 1
    assert axes.get_xlim()[1] - axes.get_xlim()[0] == 14


def test_a_year_without_a_gap_has_no_grey_ground():
    axes = picture(list(told())[10:]).axes[0]
    assert "unknown" not in [text.get_text() for text in axes.get_legend().get_texts()]
