"""What retrains gave so far, drawn."""

import pytest

from ml.errors import NoData
from ml.worth.picture import picture
from tests.ml.worth.test_report import ledger, report  # noqa: F401


def test_both_sums_grow_day_by_day_and_moves_are_marked(ledger, report):  # noqa: F811
    axes = picture(report(), ledger.weighings("tiny"), ledger.promotions("tiny")).axes[0]
    sums = {line.get_label(): line.get_ydata() for line in axes.lines if len(line.get_xdata()) > 1}
    assert list(sums["beside the version replaced"]) == pytest.approx([10, 40, 60, 50, 50])
    assert list(sums["beside nobody retraining"]) == pytest.approx([10, 20])
    assert [text.get_text() for text in axes.texts] == [" 2", " 3"]


def test_nothing_to_draw_is_said(ledger, report):  # noqa: F811
    with pytest.raises(NoData, match="tiny: no day says yet what a retrain gave"):
        picture(report(), [], ledger.promotions("tiny"))
