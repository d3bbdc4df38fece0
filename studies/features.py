"""What aggregates over the past are worth on flights: without them, as a nightly table knows them, hourly, and at once.

    python -m studies.features

Each fortnight of 2013 is judged by a model that was fitted on all days before it. Nightly is what serves: a flight
gets what was known when the night before it started. At once is what nobody can serve: a table of every five minutes.
The last line is JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from ml import snapshots
from ml.features import Aggregate, FeaturePlan, table
from ml.metrics import compute
from ml.pipelines.flight_delays import estimator
from studies.flights import frame, published

START = datetime(2013, 1, 1)
FORTNIGHTS = (56, 112, 168, 224, 280, 336)
BASE = (
    *("sched_dep", "carrier", "origin", "dest", "distance", "sched_elapsed"),
    *("temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib"),
    *("plane_age", "engines", "seats", "dest_lat", "dest_lon", "dest_alt", "dest_tz"),
)
HOURS = {"6h": 6, "1d": 24, "3d": 72, "28d": 672}
LONG = ("1d", "3d", "28d")
SETS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "pair": {"origin carrier": ("1d", "28d")},
    "demo": {"origin": ("1d", "3d"), "carrier": ("1d", "28d"), "dest": ("28d",)},
    "many": {"origin": LONG, "carrier": LONG, "dest": LONG, "origin carrier": LONG},
    "short": {"origin": ("6h", "1d", "3d"), "carrier": ("6h", "1d", "28d"), "dest": ("28d",)},
}
CLOCKS = {"nightly": timedelta(days=1), "hourly": timedelta(hours=1), "at once": timedelta(minutes=5)}


@cache
def rows() -> pl.DataFrame:
    """All flights with the moment at which each landed, null for those that never did, as if it were a column."""
    late = published("flights").with_columns(
        pl.datetime("year", "month", "day", "hour", "minute").cast(pl.Datetime("us")).alias("sched_dep")
    )
    key = ["sched_dep", "carrier", "flight", "origin"]
    known = frame().join(late.select(*key, "arr_delay"), on=key, how="left", maintain_order="left")
    return known.with_columns(
        landed=pl.col("sched_dep") + pl.duration(minutes=pl.col("sched_elapsed") + pl.col("arr_delay"))
    )


def plan(which: str, step: timedelta) -> FeaturePlan:
    """The aggregates of a set, served by a table that is made every ``step``."""
    past = {
        f"{by.replace(' ', '_')}_late_{over}": Aggregate(
            by=tuple(by.split()), of="late", over=HOURS[over], kind="mean", known_after="landed"
        )
        for by, spans in SETS[which].items()
        for over in spans
    }
    return FeaturePlan(past=past, ready=1 if step >= timedelta(days=1) else 0)


def with_features(which: str, clock: str) -> tuple[pl.DataFrame, FeaturePlan]:
    """All flights with the aggregates of a set, as a table of that clock would have served them."""
    step = CLOCKS[clock]
    wanted = plan(which, step)
    ticks = pl.datetime_range(START + timedelta(hours=2), START + timedelta(days=366), step, eager=True, time_unit="us")
    types: Any = {"origin": "string", "carrier": "string", "dest": "string"}
    found = rows()
    for name, aggregate in wanted.past.items():  # one after the other: a table of every five minutes is large
        made = table.make({name: aggregate}, rows(), "sched_dep", types, ticks.to_list(), START)
        alone = wanted.model_copy(update={"past": {name: aggregate}})
        found = table.joined(found.lazy(), alone, made, "sched_dep", types).collect()
    return found, wanted


def judged(known: pl.DataFrame, features: tuple[str, ...]) -> Iterator[dict[str, float]]:
    """The metrics of each fortnight."""
    day = (known["sched_dep"] - START).dt.total_days()
    labelled = known["late"].is_not_null()
    for first in FORTNIGHTS:
        older, newer = (
            snapshots.plain(known.filter(labelled & part))
            for part in (day < first, (day >= first) & (day < first + 14))
        )
        model = estimator(seed=0).fit(older[list(features)], older["late"].astype("int64"))
        found = model.predict_proba(newer[list(features)])[:, 1]
        yield compute("classification", newer["late"].astype("int64").to_numpy(), found)


def main() -> None:
    """Judge each way to know the past, and print one line for each and one of JSON."""
    told: dict[str, Any] = {"fortnights": len(FORTNIGHTS)}
    ways = [("none", "demo", "nightly"), ("nightly pair", "pair", "nightly"), ("nightly", "demo", "nightly")]
    ways += [("nightly many", "many", "nightly")]
    ways += [("hourly", "short", "hourly"), ("at once", "short", "at once")]
    for name, which, clock in ways:
        known, wanted = with_features(which, clock)
        features = BASE if name == "none" else (*BASE, *wanted.past)
        found = list(judged(known, features))
        means = {metric: float(np.mean([each[metric] for each in found])) for metric in ("log_loss", "roc_auc")}
        told[name] = {metric: round(value, 4) for metric, value in means.items()}
        told[name]["losses"] = [round(each["log_loss"], 4) for each in found]
        print(f"{name:>13}: {len(features)} features, {told[name]}", flush=True)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
