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


@pytest.fixture
def trial():
    """A trial on ten days of 300 rows, where the champion knows the true chances; keywords change it.

    ``challenger`` changes what the champion says, given its log-odds and the held-out rows.
    """
    import numpy
    import pandas

    from ml.gates.trial import Served, Surroundings, Trial

    def rows(start, days, seed):
        rng, count = numpy.random.default_rng(seed), days * 300
        frame = pandas.DataFrame(
            {
                "at": pandas.date_range(start, periods=count, freq=pandas.Timedelta(days=1) / 300),
                "size": rng.normal(size=count),
                "town": rng.choice(["Aachen", "Bonn", "Celle"], count, p=[0.5, 0.3, 0.2]),
            }
        )
        odds = frame["size"] * 1.5 + (frame["town"] == "Celle") - 1
        frame["late"] = (rng.random(count) < 1 / (1 + numpy.exp(-odds))).astype("int64")
        return frame, odds.to_numpy()

    def of(challenger=lambda odds, frame: odds, served=None, around=None, champion=True, **changes):
        older, _ = rows("2013-01-01", 20, 1)
        newest, odds = rows("2013-01-21", 10, 2)
        newest = changes.get("newest", newest)
        said = {"challenger": challenger(odds, newest), "champion": odds, "baseline": odds * 0 - 0.8}
        predictions = {role: 1 / (1 + numpy.exp(-value)) for role, value in said.items()}
        if not champion:
            del predictions["champion"]
        known = {
            "task": "classification",
            "label": "late",
            "features": ("at", "size", "town"),
            "event_time": "at",
            "challenger": None,
            "champion": None,
            "older": older,
            "newest": newest,
            "y": newest["late"].to_numpy(),
            "predictions": predictions,
            "days": newest["at"].dt.normalize().to_numpy(),
            "refit": lambda seed: seed,
            "predict": lambda estimator, frame: predictions["challenger"],
            "slices": ("town",),
            "requests": newest.head(2),
            "surroundings": around
            or Surroundings(date(2013, 1, 30), (), lambda requests: served or {"challenger": Served(1, ())}),
        }
        return Trial(**known | changes)

    return of


@pytest.fixture
def found(judged):
    """What a gate finds of a trial."""

    def of(gate, trial, challenger=0.5, champion=0.5):
        evaluation = judged(challenger, champion if "champion" in trial.predictions else None)
        return gate.finding(evaluation.model_copy(update={"measurements": gate.measure(trial)}))

    return of
