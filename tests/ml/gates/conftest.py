from datetime import date

import pytest

from ml.metrics import METRICS
from ml.records import Evaluation, Score


def metrics(loss):
    """Every metric with this loss; where higher is better, one minus it."""
    return {name: loss if metric.better == "lower" else 1 - loss for name, metric in METRICS.items()}


@pytest.fixture
def judged():
    """An evaluation in which each role has a loss."""

    def of(challenger, champion=None, baseline=0.7):
        losses = {"challenger": challenger, "champion": champion, "baseline": baseline}
        return Evaluation(
            pipeline="flight_delays",
            day=date(2013, 1, 31),
            run_id="r",
            metric="log_loss",
            first=date(2013, 1, 25),
            last=date(2013, 1, 31),
            rows=10234,
            scores=[Score(role=r, how="so", metrics=metrics(v)) for r, v in losses.items() if v is not None],
            champion_version=None if champion is None else 3,
        )

    return of
