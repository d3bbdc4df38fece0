"""How often what the labels say lies inside the interval that was estimated before they came, on the flights of 2013.

    python -m studies.estimation [FILE.parquet [PICTURE.png]]

A model is fitted every fortnight on all days before it and serves the next one: whether a flight is late, and by how
many minutes. Every night its performance of the day is estimated from nothing but days whose labels had come by then.
FILE keeps the predictions for the next time, PICTURE shows the newest nights. The last line is JSON: ``nominal`` and
``coverage`` are those of the log-loss with labels that come a day late.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ml import snapshots
from ml.config import load_pipeline
from ml.estimated import Day, Terms, replay
from ml.estimated.picture import picture
from ml.metrics import Task
from ml.pipelines.flight_delays import estimator
from ml.records import Estimated
from studies.flights import frame, published

ROOT = Path(__file__).parents[1]
FIRST, STEP = 28, 14
START = datetime(2013, 1, 1)
INPUTS = (
    "carrier",
    "origin",
    "distance",
    "sched_elapsed",
    "temp",
    "humid",
    "wind_speed",
    "precip",
    "pressure",
    "visib",
)
Told = list[tuple[Estimated, float | None]]


def rows() -> pl.DataFrame:
    """The landed flights with their delay in minutes."""
    moment = pl.datetime("year", "month", "day", "hour", "minute").cast(pl.Datetime("us")).alias("sched_dep")
    key = ["sched_dep", "carrier", "flight", "origin"]
    delays = published("flights").with_columns(moment).select(*key, "arr_delay")
    found = frame().join(delays, on=key, how="left", maintain_order="left").filter(pl.col("late").is_not_null())
    return found.with_columns(day=(pl.col("sched_dep") - START).dt.total_days())


def predicted() -> pl.DataFrame:
    """Every flight from the fifth week on, with what the newest models said of it before."""
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.pipeline import make_pipeline

    features = list(load_pipeline(ROOT / "config" / "pipelines" / "flight_delays.yaml").carried)
    known, parts = rows(), []
    for first in range(FIRST, 364, STEP):
        older, newer = known.filter(pl.col("day") < first), known.filter(pl.col("day").is_between(first, first + 13))
        past, now = snapshots.plain(older), snapshots.plain(newer)
        late = estimator(seed=0).fit(past[features], past["late"].astype("int64"))
        trees = HistGradientBoostingRegressor(min_samples_leaf=200, early_stopping=False, random_state=0)
        minutes = make_pipeline(estimator(seed=0).steps[0][1], trees).fit(past[features], past["arr_delay"])
        found = {"p": late.predict_proba(now[features])[:, 1], "g": minutes.predict(now[features])}
        parts.append(newer.with_columns(pl.Series(name, values) for name, values in found.items()))
    return pl.concat(parts)


def days(known: pl.DataFrame, task: Task) -> list[Day]:
    """The data days of the predictions of a task."""
    score, label = ("p", "late") if task == "classification" else ("g", "arr_delay")
    return [
        Day(
            day=(START + timedelta(days=int(number))).date(),
            scores=part[score].to_numpy(),
            labels=part[label].cast(pl.Float64).to_numpy(),
            inputs=part.select(INPUTS),
        )
        for (number,), part in known.sort("day").group_by("day", maintain_order=True)
    ]


def lived(which: Sequence[Day], task: Task, metric: str, delay: int, level: float = 0.95) -> Told:
    """Every night of the year, as it would have been; a second model for losses is fitted every four weeks."""
    terms = Terms(level=level)
    return list(replay("flights", 1, task, metric, which, delay, terms, every=28 if task == "regression" else 1))


def counted(told: Told) -> dict[str, Any]:
    """How many nights had an interval, the share of them that held, and how wide it was."""
    shown = [(e, real) for e, real in told if e.interval is not None and real is not None]
    inside = [e.interval[0] <= real <= e.interval[1] for e, real in shown if e.interval]
    misses = [real - (e.value or 0.0) for e, real in shown]
    return {
        "nights": len(shown),
        "coverage": round(float(np.mean(inside)), 4),
        "reach": round(float(np.mean([_reach(e) for e, _ in shown])), 4),
        "misses": round(float(np.std(misses)), 4),
        "spread": round(float(np.std([real for _, real in shown])), 4),
        "unknown": len(told) - len(shown),
    }


def _reach(estimated: Any) -> float:
    """How far the interval goes to one side; the other side may end where the metric does."""
    low, high = estimated.interval
    return max(high - estimated.value, estimated.value - low)


def damaged(which: Sequence[Day], first: date) -> Iterator[tuple[str, list[Day]]]:
    """The year with a fault from a day on: one that inputs show, and one that only labels do."""
    for name, change in (("degrees Celsius", _celsius), ("labels turned over", _turned)):
        yield name, [change(day) if day.day >= first else day for day in which]


def _celsius(day: Day) -> Day:
    return replace(day, inputs=day.inputs.with_columns((pl.col("temp") - 32) / 1.8, (pl.col("pressure") * 0.75)))


def _turned(day: Day) -> Day:
    """Of every fifth row the opposite came true."""
    turned = np.arange(len(day.labels)) % 5 == 0
    return replace(day, labels=np.where(turned, 1 - day.labels, day.labels))


def main() -> None:
    """Live through the year, once for each way to ask, and print a line for each and one of JSON."""
    kept = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    known = pl.read_parquet(kept) if kept and kept.exists() else predicted()
    if kept and not kept.exists():
        known.write_parquet(kept)
    late, minutes = days(known, "classification"), days(known, "regression")
    asked = [("log_loss", delay, level) for delay in (1, 14) for level in (0.95, 0.9)] + [("roc_auc", 1, 0.95)]
    told: dict[str, Any] = {"nominal": 0.95}
    for metric, delay, level in asked:
        name = f"{metric}, labels {delay} d late, {level:g}"
        told[name] = counted(lived(late, "classification", metric, delay, level))
        print(f"{name}: {told[name]}", flush=True)
    told["mae, labels 1 d late, 0.95"] = counted(lived(minutes, "regression", "mae", 1))
    print(f"mae: {told['mae, labels 1 d late, 0.95']}", flush=True)
    for name, year in damaged(late, date(2013, 10, 1)):
        october = [(e, real) for e, real in lived(year, "classification", "log_loss", 14) if e.day.month == 10][:14]
        estimates = [e.value for e, _ in october if e.value is not None]
        told[name] = {
            "unknown": sum(e.state == "unknown" for e, _ in october) / len(october),
            "estimated": round(float(np.mean(estimates)), 4) if estimates else None,
            "realised": round(float(np.mean([real for _, real in october if real is not None])), 4),
        }
        print(f"{name}, the first fortnight: {told[name]}", flush=True)
    if len(sys.argv) > 2:
        picture(lived(late, "classification", "log_loss", 1)).savefig(sys.argv[2])
    told["coverage"] = told["log_loss, labels 1 d late, 0.95"]["coverage"]
    print(json.dumps(told))


if __name__ == "__main__":
    main()
