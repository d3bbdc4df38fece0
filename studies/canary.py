"""How often a tryout stops a version that is no worse, and how soon one that is.

    .venv/bin/python -m studies.canary [--lives 20000]

A tryout looks every night at all days so far. Its daily differences are those of the flights: two models of the same
recipe, one fitted on 120 days of 2013 and one on the 100 newest of these, judged on each of the other days. For the
null they are centred, so that neither model is better, and drawn anew in runs of a week (circular block bootstrap,
Politis and Romano 1992), so that their skew, their tails and what a day has of the day before stay. A version that is
worse has a part of the champion's log-loss added to each day. Beside it stand days that are normal, and correlated by
0.3 and 0.5, and days with a tail of their own. The bets of the service are looked at after every single request.
Ends with one JSON line.
"""

import argparse
import json
from collections.abc import Sequence
from datetime import timedelta
from math import inf, sqrt
from typing import Any

import numpy as np
import polars as pl

from ml.comparison import compare
from ml.looks import reach
from ml.pipelines.flight_delays import estimator
from ml.shelf.bet import Bet
from ml.shelf.traffic import FAILURES, SLOW
from studies import flights

ALPHA, WAITS, RUN = 0.05, (7, 14, 28), 7
OLDER, NEWER = 120, 100
WORSE = (0.01, 0.02, 0.05, 0.1)  # parts of the champion's log-loss
Array = Any


def stops(days: Array, alpha: float) -> Array:
    """The night on which each life (a row of daily differences) is stopped, from 1; infinite where it never is.

    A look counts all days alike, as they all have as many rows here.
    """
    sums, squares = days.cumsum(1), (days**2).cumsum(1)
    night = np.full(len(days), inf)
    for n in range(2, days.shape[1] + 1):
        far = reach(n, 1.0, 1 - alpha)
        if far == inf:
            continue
        mean = sums[:, n - 1] / n
        error = np.sqrt(np.maximum(squares[:, n - 1] - n * mean**2, 0) / (n - 1) / n)
        night[(mean - far * error > 0) & (night == inf)] = n
    return night


def made_up(kind: str, lives: int, days: int, random: np.random.Generator) -> Array:
    """Daily differences without a mean: normal ones, each like the one before by a part, or with a tail."""
    tail = {
        "t of 3": lambda shape: random.standard_t(3, shape),
        "many small losses": lambda s: 1 - random.gamma(4, 0.25, s),
    }
    own = tail.get(kind, random.standard_normal)((lives, days))
    like = float(kind.rpartition(" ")[2]) if kind.startswith("correlated") else 0.0
    for n in range(1, days):
        own[:, n] = like * own[:, n - 1] + sqrt(1 - like**2) * own[:, n]
    return own


def drawn(days: Array, lives: int, length: int, random: np.random.Generator) -> Array:
    """Lives of so many days, put together of runs of a week of the given ones."""
    starts = random.integers(0, len(days), (lives, -(-length // RUN)))
    places = (starts[:, :, None] + np.arange(RUN)).reshape(lives, -1)[:, :length] % len(days)
    return days[places]


def of_flights() -> tuple[Array, float]:
    """How much worse the second model is on each day, and the first one's log-loss."""
    features = list(flights.plain().model.features)
    rows = flights.frame().drop_nulls("late").with_columns(day=pl.col("sched_dep").dt.date())
    first = rows["day"].min()
    known = rows.filter(pl.col("day") < first + timedelta(days=OLDER))  # type: ignore[operator]
    later = rows.filter(pl.col("day") >= first + timedelta(days=OLDER))  # type: ignore[operator]

    def said(of: pl.DataFrame) -> Array:
        model = estimator(seed=0).fit(of.select(features).to_pandas(), of["late"].cast(pl.Int8).to_numpy())
        return model.predict_proba(later.select(features).to_pandas())[:, 1]

    newer = known.filter(pl.col("day") >= first + timedelta(days=OLDER - NEWER))  # type: ignore[operator]
    one, other, y = said(known), said(newer), later["late"].cast(pl.Int8).to_numpy()
    found = compare("log_loss", y, other, one, later["day"].to_numpy().astype("datetime64[D]"))
    assert found is not None
    loss = -np.mean(y * np.log(one) + (1 - y) * np.log1p(-one))
    return np.array([gap.worse_by for gap in found.days]), float(loss)


def bets(limit: float, requests: int, lives: int, random: np.random.Generator) -> float:
    """The share of lives in which a rate at the limit is ever called above it, looked at after each request."""
    lost = 0
    for _ in range(lives):
        bet, before = Bet(limit), 0
        for hit in np.flatnonzero(random.random(requests) < limit):
            bet.add(False, int(hit) - before)
            bet.add(True)
            before = int(hit) + 1
            if bet.won(ALPHA / 4):
                lost += 1
                break
    return lost / lives


def study(lives: int) -> dict[str, Any]:
    """All figures."""
    random = np.random.default_rng(0)
    days, loss = of_flights()
    null = days - days.mean()
    false: dict[str, dict[int, float]] = {
        "flights": {w: share(stops(drawn(null, lives, w, random), ALPHA)) for w in WAITS}
    }
    for kind in ("normal", "correlated by 0.3", "correlated by 0.5", "t of 3", "many small losses"):
        false[kind] = {w: share(stops(made_up(kind, lives, w, random), ALPHA)) for w in WAITS}
    worse = {part: stops(drawn(null + part * loss, lives, 28, random), ALPHA) for part in WORSE}
    asked = {"failures": bets(FAILURES, 20_000, 2000, random), "slow": bets(SLOW, 5000, 2000, random)}
    return {
        "alpha": ALPHA,
        "false_stops": max(false["flights"].values()),
        "false_stops_by": false,
        "flights_days": len(days),
        "correlation": round(float(np.corrcoef(null[1:], null[:-1])[0, 1]), 3),
        "log_loss": round(loss, 4),
        "stopped_within_7": {str(part): share(np.where(night <= 7, night, inf)) for part, night in worse.items()},
        "stopped_within_28": {str(part): share(night) for part, night in worse.items()},
        "false_bets": asked,
        "bet_alpha": ALPHA / 4,
    }


def share(night: Array) -> float:
    """The share of lives that were stopped."""
    return round(float(np.isfinite(night).mean()), 4)


def main(words: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--lives", type=int, default=20_000)
    print(json.dumps(study(options.parse_args(words).lives)))


if __name__ == "__main__":
    main()
