"""On which nights of 2013 would the realised performance of flights have asked for a retrain?

``python -m studies.drops`` fits a champion at the start of each month from April on, on all flights before, and takes
as its evaluation the last seven days before, judged by a model that was fitted without them. Each of its days is then
predicted with the weather that is known in the morning, and each night looks at its newest seven days whose labels are
due, as ``retrain.performance_drop`` does. Told are, for several margins, the nights on which the trigger asks, by
month; the same days ask once. ``observed`` is the same with the weather of the flight's own hour, which is what a
service is asked with at departure.

The last line is JSON.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from ml.estimate import blocks, mean
from ml.metrics import ROW_LOSSES
from ml.policy import PerformanceDrop
from ml.records import Performance
from studies.flights import frame
from studies.tomorrow import fitted, scores, with_weather

MARGINS = (0.02, 0.05, 0.1, 0.15)
WINDOW = 7
WAYS = ("persisted", "observed")


@dataclass(frozen=True)
class Month:
    """A champion's month: what its evaluation said, and the loss of each labelled row by day."""

    first: date
    expected: float
    days: Any
    losses: dict[str, Any]


def main() -> None:
    flights = frame().filter(pl.col("late").is_not_null())
    months = [_month(flights, number) for number in range(4, 13)]
    figures: dict[str, Any] = {"months": {}, "asks": {}}
    for month in months:
        told = {way: round(float(month.losses[way].mean()), 4) for way in WAYS}
        figures["months"][f"{month.first:%Y-%m}"] = {"expected": round(month.expected, 4), **told}
        print(f"{month.first:%B}: evaluation {month.expected:.4f}, really {told}", flush=True)
    for way in WAYS:
        for margin in MARGINS:
            asks = {f"{month.first:%Y-%m}": _asks(month, way, margin) for month in months}
            figures["asks"][f"{way} {margin}"] = {name: count for name, count in asks.items() if count}
            print(f"{way}, by {margin}: asks {sum(asks.values())} times, {asks}", flush=True)
    print(json.dumps(figures))


def _month(flights: pl.DataFrame, number: int) -> Month:
    first = date(2013, number, 1)
    after = date(2013, number + 1, 1) if number < 12 else date(2014, 1, 1)
    older, held = _before(flights, first), first - timedelta(days=WINDOW)
    newest = older.filter(pl.col("sched_dep") >= datetime.combine(held, datetime.min.time()))
    judged = ROW_LOSSES["log_loss"](_labels(newest), scores(fitted(_before(flights, held)), newest))
    rows = _before(flights, after).filter(pl.col("sched_dep") >= datetime.combine(first, datetime.min.time()))
    champion, y = fitted(older), _labels(rows)
    losses = {way: ROW_LOSSES["log_loss"](y, scores(champion, with_weather(rows, way))) for way in WAYS}
    print(f"{first:%B}: {rows.height:,} flights", flush=True)
    return Month(first, float(judged.mean()), rows["sched_dep"].dt.date().to_numpy(), losses)


def _before(flights: pl.DataFrame, day: date) -> pl.DataFrame:
    return flights.filter(pl.col("sched_dep") < datetime.combine(day, datetime.min.time()))


def _labels(rows: pl.DataFrame) -> Any:
    return rows["late"].cast(pl.Int64).to_numpy()


def _asks(month: Month, way: str, margin: float) -> int:
    """How often the trigger asks in the month."""
    drop, asked, last = PerformanceDrop(by=margin), 0, None
    for night, realised in _nights(month, way):
        if drop.sentence(realised, month.expected) and (last is None or realised.first > last):
            asked, last = asked + 1, night
    return asked


def _nights(month: Month, way: str) -> Iterator[tuple[date, Performance]]:
    """Each night of the month, with the newest days whose labels are due: those up to the day before."""
    names = np.unique(month.days)
    for at in range(3, len(names) + 1):
        window = names[max(0, at - WINDOW) : at]
        mask = np.isin(month.days, window)
        found = mean(month.losses[way][mask], blocks(month.days[mask]))
        first, day = window[0].item(), window[-1].item()
        yield (
            day + timedelta(days=1),
            Performance(
                pipeline="flights",
                day=day,
                first=first,
                version=1,
                role="batch",
                metric="log_loss",
                state="known",
                rows=int(mask.sum()),
                metrics={"log_loss": found.value},
                interval=found.interval(),
                blocks=found.blocks,
            ),
        )


if __name__ == "__main__":
    main()
