from datetime import date

import pytest

from ml.metrics import METRICS
from ml.records import Comparison, Evaluation, Looks, Score


def metrics(loss):
    """Every metric with this loss; where higher is better, one minus it."""
    return {name: loss if metric.better == "lower" else 1 - loss for name, metric in METRICS.items()}


def compared(role, basis, losses, interval, looks=None):
    """How the challenger did beside another by every metric, with the same ends of the interval for each."""
    worse = losses["challenger"] - losses[role]
    pooled = looks and Looks(
        worse_by=sum(looks) / 2, interval=looks, level=0.975, blocks=12, block_days=7, first=DAYS[0], last=DAYS[1],
        nights=78, question=1,
    )  # fmt: skip
    for name, metric in METRICS.items():
        yield Comparison(
            role=role, how="so", metric=name, worse_by=metric.worse_by(worse, 0) if metric.better == "lower" else worse,
            interval=interval, level=0.95, blocks=7, block_days=1, rows=10234, basis=basis, looks=pooled,
        )  # fmt: skip


DAYS = (date(2013, 1, 25), date(2013, 1, 31))


@pytest.fixture
def judged():
    """An evaluation in which each role has a loss; ``beside`` maps bases to tonight's interval and that of all looks.

    Left out, the champion's recipe is the challenger's and tonight's interval is 0.001 wide on each side.
    """

    def of(challenger, champion=None, baseline=0.7, beside=None, same=True):
        losses = {"challenger": challenger, "champion": champion, "baseline": baseline}
        around = {"champion": champion, "baseline": baseline}
        ends = {role: (challenger - v - 0.001, challenger - v + 0.001) for role, v in around.items() if v is not None}
        if beside is None:
            beside = {"as served": (ends["champion"], None)} if champion is not None and champion == champion else {}
        comparisons = [c for basis, both in beside.items() for c in compared("champion", basis, losses, *both)]
        return Evaluation(
            pipeline="flight_delays",
            day=DAYS[1],
            run_id="r",
            metric="log_loss",
            first=DAYS[0],
            last=DAYS[1],
            rows=10234,
            scores=[
                Score(role=r, how="so", metrics=metrics(v), basis="constant" if r == "baseline" else None)
                for r, v in losses.items()
                if v is not None
            ],
            champion_version=None if champion is None else 3,
            comparisons=(*comparisons, *compared("baseline", "constant", losses, ends["baseline"])),
            procedure="recipe",
            champion_procedure="recipe" if same else "another",
        )

    return of
