"""Worlds whose days can be damaged: the flights of 2013, synthetic days that hang together, and River's generators.

Montiel et al. 2021, River: machine learning for streaming data in Python, https://riverml.xyz. Its streams have
independent rows and known concepts; the synthetic days have rows that share their day's weather and season.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from ml.drills import Ground
from studies import flights

REFERENCE = 42


@dataclass(frozen=True)
class World:
    """Days of rows, by whole days: ``reference`` days before any day that is looked at."""

    name: str
    rows: pl.DataFrame
    ground: Ground
    inputs: tuple[str, ...]
    tables: dict[str, str]
    concept: Callable[[pl.DataFrame, np.random.Generator], pl.DataFrame]

    @cached_property
    def days(self) -> list[date]:
        return sorted(self.rows[self.ground.event_time].dt.date().unique().to_list())

    @cached_property
    def by_day(self) -> dict[date, pl.DataFrame]:
        parts = self.rows.with_columns(__d=pl.col(self.ground.event_time).dt.date()).partition_by(
            "__d", as_dict=True, include_key=False
        )
        return {key[0]: part for key, part in parts.items()}

    def of(self, days: list[date]) -> pl.DataFrame:
        """The rows of some days."""
        return pl.concat([self.by_day[day] for day in days])

    def before(self, index: int, days: int = REFERENCE) -> pl.DataFrame:
        """The reference of the day at ``index``."""
        return self.of(self.days[index - days : index])


def plain(rows: pl.DataFrame) -> pd.DataFrame:
    """The rows as a diagnosis sees them."""
    return rows.to_pandas()


def all_worlds() -> Iterator[World]:
    """Every world of the study, each the same at each call."""
    yield of_flights()
    yield of_weather("warehouse", seed=1)
    yield of_weather("shop", seed=2)
    yield of_river("agrawal")


def of_flights() -> World:
    """The flights, without the four wrong values that the contract refuses."""
    rows = flights.frame().filter((pl.col("wind_speed").is_null()) | (pl.col("wind_speed") < 150))
    rows = rows.filter(
        (pl.col("temp").is_null())
        | (pl.col("temp") > 20)
        | (pl.col("sched_dep").dt.month() < 4)
        | (pl.col("sched_dep").dt.month() > 10)
    )
    rows = rows.filter(pl.col("sched_dep").dt.date() < date(2013, 12, 30))
    inputs = (
        "carrier",
        "origin",
        "dest",
        "distance",
        "sched_elapsed",
        "temp",
        "dewp",
        "humid",
        "wind_speed",
        "precip",
        "pressure",
        "visib",
        "plane_age",
        "seats",
    )
    weather = dict.fromkeys(("temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib"), "weather")
    planes = dict.fromkeys(("plane_age", "seats"), "planes")
    notes = {
        "temp": "degrees Fahrenheit",
        "dewp": "degrees Fahrenheit",
        "distance": "miles",
        "pressure": "millibar",
        "wind_speed": "miles per hour",
        "visib": "miles",
        "humid": "percent",
    }
    columns = ("sched_dep", *inputs, "late")
    ground = Ground(
        "flights",
        "sched_dep",
        ("sched_dep", "carrier", "flight", "origin"),
        "late",
        columns,
        notes,
        {"flights": "sched_dep"},
    )
    return World(
        "flights",
        rows.select(
            "sched_dep", "carrier", "flight", "origin", *[c for c in inputs if c not in ("carrier", "origin")], "late"
        ),
        ground,
        inputs,
        weather | planes,
        _other_answers,
    )


def of_weather(name: str, seed: int) -> World:
    """A year of days with a season, a weather that lasts, three places, and a label that follows both."""
    rng = np.random.default_rng(seed)
    first, front = datetime(2013, 1, 1), 0.0
    parts = []
    for n in range(364):
        front = 0.7 * front + rng.normal(0, 4)
        parts.append(
            _synthetic_day(first + timedelta(days=n), n, front, rng, rows=int(rng.normal(420, 15)) - 120 * (n % 7 == 5))
        )
    rows = pl.concat(parts)
    inputs = ("place", "product", "temp", "humid", "load", "price", "sensor")
    notes = {"temp": "degrees Celsius", "humid": "percent", "load": "kilograms"}
    ground = Ground(name, "at", ("at", "id"), "label", ("at", *inputs, "label"), notes, {name: "at"})
    return World(name, rows, ground, inputs, {"temp": "weather", "humid": "weather"}, _other_answers)


def _synthetic_day(day: datetime, n: int, front: float, rng: Any, rows: int) -> pl.DataFrame:
    minutes = np.sort(rng.triangular(240, 800, 1380, rows)).astype(int)
    place = rng.choice(["north", "south", "port"], rows, p=[0.45, 0.35, 0.2])
    product = rng.choice(["A1", "A2", "B7", "C3", "D9"], rows, p=[0.35, 0.25, 0.2, 0.12, 0.08])
    temp = (
        12
        - 11 * np.cos(2 * np.pi * n / 364)
        + front
        + 4 * np.sin((minutes / 60 - 9) / 24 * 2 * np.pi)
        + 2.0 * (place == "south")
    )
    humid = np.clip(70 - 0.9 * (temp - 12) + rng.normal(0, 2.5, rows), 0, 100)
    load = np.exp(rng.normal(3.0 + 0.4 * (product == "C3") + 0.25 * (place == "port"), 0.35, rows))
    price = 1.8 * load + 4.0 * (product == "B7") + rng.normal(0, 1.5, rows) + 20
    sensor = 0.6 * temp + 0.2 * load + rng.normal(0, 1.0, rows)
    score = -2.6 + 0.06 * (temp - 12) + 0.05 * (load - 20) + 0.8 * (product == "B7") + 0.1 * (minutes / 60 - 12)
    label = rng.random(rows) < 1 / (1 + np.exp(-score))
    at = [day + timedelta(minutes=int(m)) for m in minutes]
    numbers = {
        "temp": np.round(temp, 1),
        "humid": np.round(humid, 0),
        "load": np.round(load, 1),
        "price": np.round(price, 2),
        "sensor": np.round(sensor, 2),
    }
    return pl.DataFrame(
        {"at": at, "id": np.arange(rows), "place": place, "product": product, **numbers, "label": label}
    )


def of_river(name: str) -> World:
    """River's Agrawal generator: loans by nine attributes, the answer by the first of its ten functions."""
    from river.datasets import synth

    rng = np.random.default_rng(7)
    stream = synth.Agrawal(classification_function=0, seed=7, perturbation=0.05).take(160 * 320)
    records = pd.DataFrame([{**x, "label": bool(y)} for x, y in stream])
    day = np.repeat(np.arange(160), 320)
    minutes = np.concatenate([np.sort(rng.integers(300, 1380, 320)) for _ in range(160)])
    records.insert(
        0, "at", pd.Timestamp("2013-01-01") + pd.to_timedelta(day, unit="D") + pd.to_timedelta(minutes, unit="min")
    )
    for column in ("elevel", "car", "zipcode"):
        records[column] = [f"{column[0]}{int(v)}" for v in records[column]]
    records = records.round({"salary": 0, "commission": 0, "hvalue": 0, "loan": 0})
    inputs = ("salary", "commission", "age", "elevel", "car", "zipcode", "hvalue", "hyears", "loan")
    ground = Ground(name, "at", ("at", "id"), "label", ("at", *inputs, "label"), {}, {name: "at"})
    rows = pl.from_pandas(records.assign(id=np.arange(len(records)))).with_columns(pl.col("at").cast(pl.Datetime("us")))
    return World(name, rows, ground, inputs, {}, _another_function)


def _another_function(rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """The answers of another of the generator's functions: by age, a salary between two bounds."""
    young, old = pl.col("age") < 40, pl.col("age") >= 60
    within = (
        pl.when(young)
        .then(pl.col("salary").is_between(75_000, 125_000))
        .when(old)
        .then(pl.col("salary").is_between(25_000, 75_000))
    )
    return rows.with_columns(label=within.otherwise(pl.col("salary").is_between(50_000, 100_000)))


def _other_answers(rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """The same answers as often, but to other rows: what leads to them is gone."""
    label = "late" if "late" in rows.columns else "label"
    return rows.with_columns(pl.Series(label, rng.permutation(rows[label].to_numpy()), dtype=pl.Boolean))
