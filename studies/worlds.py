"""Worlds whose days can be damaged: the flights of 2013, synthetic days that hang together, and River's generators.

Each has the pipeline that its owner would have written: the flights their YAML, the others the contract that
``nightshift contract suggest`` learns from the year before, which no episode is made of.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from ml.config import PipelineConfig, load_pipeline
from ml.contract import Contract
from ml.drilling.bench import Bench
from ml.drills import Ground
from ml.sources import FilesSource
from ml.suggestion import contract_of
from ml.suggestion.evidence import Evidence
from studies import flights, rivers

ROOT = Path(__file__).parents[1]
REFERENCE = 42

Tables = Mapping[str, pl.DataFrame]
Concept = Callable[[pl.DataFrame, np.random.Generator], pl.DataFrame]


@dataclass(frozen=True)
class World:
    """Days of tables, held against the contract of their pipeline; ``reference`` days before any that is looked at.

    ``given`` has the pipeline's own rows under its name, and the rows of each upstream table. ``inputs`` are the
    columns that are compared, ``concept`` gives rows other answers; ``certain`` is whether the inputs alone say the
    label.
    """

    pipeline: PipelineConfig
    given: Tables
    inputs: tuple[str, ...]
    concept: Concept
    certain: bool = False
    let_in: dict[date, pl.DataFrame] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        return self.pipeline.name

    @cached_property
    def ground(self) -> Ground:
        """The world as a fault sees it."""
        known = Ground.of(self.pipeline)
        return Ground(
            known.name, known.event_time, known.key, known.label, self._struck(known), known.notes, known.times
        )

    def _struck(self, known: Ground) -> tuple[str, ...]:
        return (known.event_time, *self.inputs, known.label)

    @property
    def tables(self) -> dict[str, str]:
        """The upstream table of each input that has one."""
        rules = self.pipeline.contract.columns
        return {name: str(rules[name].table) for name in self.inputs if rules[name].table}

    @cached_property
    def parts(self) -> dict[date, dict[str, pl.DataFrame]]:
        """The tables of each day."""
        own = _by_day(self.given[self.name], self.ground.event_time)
        others = {n: _by_day(self.given[n], self.ground.times[n]) for n in self.given if n != self.name}
        return {
            day: {self.name: rows} | {n: days.get(day, self.given[n].clear()) for n, days in others.items()}
            for day, rows in sorted(own.items())
        }

    @cached_property
    def bench(self) -> Bench:
        """The days that the contract accepted, each in its night."""
        bench = Bench(self.pipeline, self.parts.__getitem__, tuple(self.parts), {})
        for day in self.parts:
            found = bench.inspect(day, self.parts[day])
            if not found.quarantined:
                bench.profiles[day] = found.profile
                self.let_in[day] = found.own.accepted
        return bench

    @cached_property
    def days(self) -> list[date]:
        """The days that the contract accepts."""
        return sorted(self.bench.profiles)

    @property
    def accepted(self) -> dict[date, pl.DataFrame]:
        """The rows of each accepted day that its contract let in."""
        return self.let_in if self.days else {}

    def of(self, days: list[date]) -> pl.DataFrame:
        """The rows of some days."""
        return pl.concat([self.accepted[day] for day in days])

    def before(self, index: int, days: int = REFERENCE) -> pl.DataFrame:
        """The reference of the day at ``index``."""
        return self.of(self.days[index - days : index])

    def moved(self, rows: pl.DataFrame, days: int) -> pl.DataFrame:
        """The rows so many days earlier, in every column that is a time."""
        times = [c for c, kind in rows.schema.items() if kind == pl.Datetime]
        return rows.with_columns(pl.col(c) - pl.duration(days=days) for c in times)


def plain(rows: pl.DataFrame) -> pd.DataFrame:
    """The rows as a diagnosis sees them."""
    return rows.to_pandas()


def all_worlds() -> dict[str, Callable[[], World]]:
    """Every world of the study, each the same at each call."""
    made: dict[str, Callable[[], World]] = {
        "flights": of_flights,
        "warehouse": lambda: of_weather("warehouse", seed=1),
        "shop": lambda: of_weather("shop", seed=2),
    }
    return made | {name: lambda name=name: of_river(name) for name in rivers.ROSTER}  # type: ignore[misc]


def of_flights() -> World:
    """The flights and their weather, with the pipeline's own YAML."""
    pipeline = load_pipeline(ROOT / "config" / "pipelines" / "flight_delays.yaml")
    rows = flights.frame().with_columns(weather_hour=pl.col("sched_dep").dt.truncate("1h"))
    rows = rows.filter(pl.col("sched_dep").dt.date() < date(2013, 12, 30))
    inputs = ("carrier", "origin", "dest", "distance", "sched_elapsed", "temp", "dewp", "humid", "wind_speed")
    more = ("precip", "pressure", "visib", "plane_age", "seats")
    return World(pipeline, {pipeline.name: rows, "weather": flights.weather()}, inputs + more, _other_answers)


def of_weather(name: str, seed: int) -> World:
    """A year of days with a season, a weather that lasts, three places, and a label that follows both."""
    inputs = ("place", "product", "temp", "humid", "load", "price", "sensor")
    notes = {"temp": "degrees Celsius", "humid": "percent", "load": "kilograms"}
    before, rows = (_weather_year(s, first) for s, first in ((seed + 100, 2012), (seed, 2013)))
    pipeline = _pipeline(name, before, inputs, notes, {"temp": "weather", "humid": "weather"})
    return World(pipeline, {name: rows}, inputs, _other_answers)


def of_river(name: str) -> World:
    """One of River's generators, whose rows of a day share a state that lasts."""
    river = rivers.ROSTER[name]()
    inputs = river.columns
    pipeline = _pipeline(name, river.year(before=True), inputs, {}, {})
    return World(pipeline, {name: river.year()}, inputs, river.another, river.certain)


def _pipeline(
    name: str, before: pl.DataFrame, inputs: tuple[str, ...], notes: dict[str, str], tables: dict[str, str]
) -> PipelineConfig:
    """What an owner would have who let the contract be learned from the year before, and wrote down the units."""
    source = FilesSource(path=f"{name}.parquet", event_time="at", key=("at", "id"))
    contract = contract_of(Evidence(name, before, Contract(), source, 0)).model_dump(by_alias=True, exclude_unset=True)
    for column, note in notes.items():
        contract["columns"][column]["why"] = note
    for column, table in tables.items():
        contract["columns"][column]["table"] = table
    contract["columns"]["label"]["history"] = False  # it is due later, and watched by the check
    numbers = {c for c in inputs if before.schema[c].is_numeric()}
    return PipelineConfig.model_validate(
        {
            "name": name,
            "source": source.model_dump(),
            "contract": contract,
            "drift": {
                "kind": "evidently",
                "columns": {c: {"method": "wasserstein" if c in numbers else "jensenshannon"} for c in inputs},
                "false_alarms": "1 per 30 days",
            },
            "retrain": {},
            "model": {"label": "label", "features": inputs},
            "gates": [],
        }
    )


def _by_day(rows: pl.DataFrame, time: str) -> dict[date, pl.DataFrame]:
    parts = rows.with_columns(__d=pl.col(time).dt.date()).partition_by("__d", as_dict=True, include_key=False)
    return {day: part for (day,), part in parts.items()}


def _weather_year(seed: int, year: int) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    first, front = datetime(year, 1, 1), 0.0
    parts = []
    for n in range(364):
        front = 0.7 * front + rng.normal(0, 4)
        rows = int(rng.normal(420, 15)) - 120 * (n % 7 == 5)
        parts.append(_weather_day(first + timedelta(days=n), n, front, rng, rows))
    return pl.concat(parts)


def _weather_day(day: datetime, n: int, front: float, rng: Any, rows: int) -> pl.DataFrame:
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


def _other_answers(rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """The same answers as often, but to other rows: what leads to them is gone."""
    label = "late" if "late" in rows.columns else "label"
    return rows.with_columns(pl.Series(label, rng.permutation(rows[label].to_numpy()), dtype=pl.Boolean))
