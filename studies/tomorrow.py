"""What is a score of tomorrow's flights worth, when nobody knows tomorrow's weather?

``python -m studies.tomorrow`` fits the model of ``flight_delays`` on all flights before a month, scores each day of
that month as it is known at 03:00 of that morning, and compares ways to fill in the weather that is still to come:

observed    the weather of the flight's own hour; nobody has it, it is what the other ways are measured against
null        none: the model sees gaps
persisted   the newest hour of the same airport that was measured before 03:00
yesterday   the hour of the day before with the same number, as far as it was measured
blind       a model that was fitted without any weather

The last line is JSON: of each way log-loss and ROC AUC over all months, and how much worse than ``null`` it is with an
interval from weeks.
"""

import json
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from ml.comparison import compare
from ml.metrics import compute
from ml.pipelines.flight_delays import estimator
from studies.flights import WEATHER, frame, weather

MONTHS = (4, 6, 8, 10, 12)
MORNING = timedelta(hours=3)
WAYS = ("observed", "null", "persisted", "yesterday")


def main() -> None:
    flights = frame().filter(pl.col("late").is_not_null())
    found: dict[str, list[Any]] = {way: [] for way in (*WAYS, "blind")}
    labels, days = [], []
    for month in MONTHS:
        first, after = date(2013, month, 1), date(2013, month % 12 + 1, 1) if month < 12 else date(2014, 1, 1)
        older = flights.filter(pl.col("sched_dep") < datetime.combine(first, datetime.min.time()))
        test = flights.filter(pl.col("sched_dep").dt.date().is_between(first, after - timedelta(days=1)))
        labels.append(test["late"].cast(pl.Int64).to_numpy())
        days.append(test["sched_dep"].dt.date().to_numpy())
        model = fitted(older)
        for way in WAYS:
            found[way].append(scores(model, with_weather(test, way)))
        found["blind"].append(scores(fitted(older, WEATHER), test.drop(WEATHER)))
        print(f"month {month}: {test.height:,} flights", flush=True)
    y, of_day = np.concatenate(labels), np.concatenate(days)
    print(json.dumps(_figures({way: np.concatenate(parts) for way, parts in found.items()}, y, of_day)))


def _figures(found: dict[str, Any], y: Any, days: Any) -> dict[str, Any]:
    figures: dict[str, Any] = {"rows": len(y)}
    for way, p in found.items():
        metrics = compute("classification", y, p)
        worse = compare("log_loss", y, p, found["null"], days)
        assert worse is not None
        figures[way] = {
            "log_loss": round(metrics["log_loss"], 4),
            "roc_auc": round(metrics["roc_auc"], 3),
            "worse_than_null": round(worse.worse_by, 4),
            "interval": [round(end, 4) for end in worse.interval or ()],
        }
        print(way, figures[way], flush=True)
    return figures


def _features(frame: pl.DataFrame) -> list[str]:
    return [name for name in frame.columns if name not in ("flight", "tailnum", "late")]


def fitted(rows: pl.DataFrame, without: tuple[str, ...] = ()) -> Any:
    rows = rows.drop(without)
    return estimator(0).fit(rows.select(_features(rows)).to_pandas(), rows["late"].cast(pl.Int64).to_numpy())


def scores(model: Any, rows: pl.DataFrame) -> Any:
    return model.predict_proba(rows.select(_features(rows)).to_pandas())[:, 1]


def with_weather(rows: pl.DataFrame, way: str) -> pl.DataFrame:
    if way == "observed":
        return rows
    order = rows.columns
    bare = rows.drop(WEATHER).with_columns(hour=pl.col("sched_dep").dt.truncate("1h"))
    if way == "null":
        none = [pl.lit(None, dtype=rows[name].dtype).alias(name) for name in WEATHER]
        return bare.with_columns(none).select(order)
    known = weather().sort("observed")
    if way == "yesterday":
        asked = bare.with_columns(observed=pl.col("hour") - timedelta(days=1))
        return asked.join(known, on=["origin", "observed"], how="left").select(order)
    asked = bare.with_columns(morning=pl.col("sched_dep").dt.truncate("1d") + MORNING).sort("morning")
    newest = asked.join_asof(known, left_on="morning", right_on="observed", by="origin", allow_exact_matches=False)
    return newest.sort("sched_dep", "carrier", "flight", "origin").select(order)


if __name__ == "__main__":
    main()
