"""A price of loss."""

import pytest

from ml.prices import Loss
from tests.ml.ledger.test_weighings import WEIGHED

MORE = WEIGHED.model_copy(update={"losses": {"log_loss": (0.4, 0.5), "brier": (0.2, 0.1)}})


def test_without_a_price_the_gain_is_in_the_unit_of_the_loss():
    assert Loss().gain(MORE, "log_loss") == pytest.approx(0.1)
    assert Loss(metric="brier").gain(MORE, "log_loss") == pytest.approx(-0.1)
    assert (Loss().priced, Loss().unit("brier"), Loss(metric="mae").unit("rmse")) == (False, "brier", "mae")


def test_a_price_makes_it_money():
    assert Loss(per_row=3).gain(MORE, "log_loss") == pytest.approx(0.3)
    assert Loss(per_row=3).priced


@pytest.mark.parametrize(("metric", "counts"), [("roc_auc", "log_loss"), ("rmse", "mae"), ("r2", "mae")])
def test_a_metric_that_is_no_mean_over_rows_is_stood_for_by_its_tasks_loss(metric, counts):
    assert Loss().unit(metric) == counts


def test_what_was_not_measured_is_not_known():
    assert Loss(metric="accuracy").gain(MORE, "log_loss") is None
