"""Three synthetic streams with dependent rows: days, weekdays, seasons, heavy tails and categories.

Rows of a day share its effect, as rows of real days do; independent rows would make any threshold look right.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from ml.drift import EvidentlyDrift

FIRST = date(2010, 1, 4)


@dataclass(frozen=True)
class Stream:
    """Days without end, the same at each call; ``plan`` is the check of a pipeline on them, ``time`` its event time."""

    name: str
    time: str
    plan: EvidentlyDrift
    day: Callable[[date], pl.DataFrame]
    numbers: tuple[str, ...]
    category: str

    def days(self, count: int) -> Iterator[tuple[date, pl.DataFrame]]:
        """The first ``count`` days, each with its rows."""
        days = (FIRST + timedelta(days=n) for n in range(count))
        return ((day, self.day(day)) for day in days)


def streams(world: int = 0) -> tuple[Stream, ...]:
    """A shop, three weather stations, and a queue; each ``world`` is another history by the same rules."""
    return (
        _stream(world, "shop", _shop, ("value", "items"), "channel", ("channel", "region")),
        _stream(world, "stations", _stations, ("heat", "damp", "pressure"), "place", ("place",), by="place"),
        _stream(world, "queue", _queue, ("wait", "size", "tries"), "kind", ("kind", "team")),
    )


def _stream(
    world: int,
    name: str,
    day: Callable[[date, int], pl.DataFrame],
    numbers: tuple[str, ...],
    category: str,
    categories: tuple[str, ...],
    by: str | None = None,
) -> Stream:
    columns = {n: {"method": "wasserstein"} for n in numbers} | {c: {"method": "jensenshannon"} for c in categories}
    detectors: list[dict[str, Any]] = [{"kind": kind} for kind in ("clock", "missing", "relation")]
    detectors += [{"kind": "novel", "columns": categories}]
    if by:
        detectors += [{"kind": kind, "by": by, "columns": numbers} for kind in ("frozen", "steady")]
    plan = EvidentlyDrift.model_validate(
        {"false_alarms": "1 per 90 days", "reference": "56d", "current": "1d", "min_rows": 30}
        | {"columns": columns, "detectors": detectors}
    )
    return Stream(name, "at", plan, lambda d: day(d, world), numbers, category)


def _random(name: str, day: date, world: int) -> Any:
    return np.random.default_rng([*([world] if world else []), day.toordinal(), *name.encode()])


def _wave(name: str, day: date, world: int, memory: float = 0.7, back: int = 20) -> float:
    """A day's effect that remembers the days before it; about standard normal."""
    past = [_random(name + "/wave", day - timedelta(days=n), world).normal() for n in range(back)]
    return float(np.sqrt(1 - memory**2) * sum(memory**n * shock for n, shock in enumerate(past)))


def _season(day: date) -> float:
    return float(np.sin(2 * np.pi * day.timetuple().tm_yday / 365.25))


def _times(day: date, minutes: Any) -> list[datetime]:
    start = datetime(day.year, day.month, day.day)
    return [start + timedelta(minutes=int(m)) for m in np.sort(np.clip(minutes, 0, 1439))]


def _shop(day: date, world: int) -> pl.DataFrame:
    """Orders: fewer and larger on Sundays, more in winter, promotions that pull one channel, heavy baskets."""
    rng = _random("shop", day, world)
    sunday, wave = day.weekday() == 6, _wave("shop", day, world)
    rows = int(rng.poisson(220 * np.exp(0.15 * wave - 0.2 * _season(day)) * (0.6 if sunday else 1)))
    mix = rng.dirichlet(np.array([50, 35, 15]) * (1.2 if sunday else 1))
    region = rng.dirichlet([60, 30, 20, 8])
    items = 1 + rng.poisson(np.exp(0.3 + 0.1 * wave + 0.2 * sunday), rows)
    value = items * rng.lognormal(2.5 + 0.1 * wave + 0.15 * _season(day), 0.9, rows)
    return pl.DataFrame(
        {
            "at": _times(day, rng.normal(840 + 15 * wave, 200, rows)),
            "value": np.round(value, 2),
            "items": items.astype("float64"),
            "channel": rng.choice(["web", "app", "phone"], rows, p=mix),
            "region": rng.choice(["north", "south", "east", "west"], rows, p=region),
        }
    )


def _stations(day: date, world: int) -> pl.DataFrame:
    """Weather at three places: fronts that last days, a daily course, and gaps when a line is down."""
    rng = _random("stations", day, world)
    front, other = _wave("front", day, world, 0.8), _wave("pressure", day, world, 0.85)
    parts = []
    for offset, place in enumerate(("hill", "lake", "town")):
        for hour in range(24):
            heat = 12 - 10 * _season(day) + 5 * front + 4 * np.sin((hour - 9) / 24 * 2 * np.pi) + offset
            heat = round(float(heat + rng.normal(scale=0.8)), 1)
            damp = round(float(np.clip(85 - 1.5 * (heat - 12) - 8 * other + rng.normal(scale=3), 5, 100)))
            pressure = round(float(1013 + 8 * other + rng.normal(scale=0.6)), 1)
            count = 2 + int(rng.poisson(1))
            at = datetime(day.year, day.month, day.day, hour)
            parts += [{"at": at, "place": place, "heat": heat, "damp": float(damp), "pressure": pressure}] * count
    frame = pl.DataFrame(parts)
    down = rng.random() < 0.08
    gap = pl.Series(rng.random(frame.height) < (0.3 * rng.random() if down else 0.005))
    return frame.with_columns(pressure=pl.when(gap).then(None).otherwise("pressure"))


def _queue(day: date, world: int) -> pl.DataFrame:
    """Tickets: Pareto waits, bursts of one kind on some days, no weekends."""
    rng = _random("queue", day, world)
    weekend, wave = day.weekday() >= 5, _wave("queue", day, world, 0.5)
    burst = rng.random() < 0.1
    rows = int(rng.poisson((60 if weekend else 180) * np.exp(0.2 * wave))) + (60 if burst else 0)
    kinds = rng.dirichlet([40, 25, 20, 10, 5])
    kind = rng.choice(["login", "bill", "crash", "wish", "other"], rows, p=kinds)
    kind[: 60 if burst else 0] = "crash"
    tries = 1 + rng.geometric(0.6, rows)
    wait = (rng.pareto(1.8 + 0.2 * np.tanh(wave), rows) + 1) * 4 * tries**0.5
    return pl.DataFrame(
        {
            "at": _times(day, rng.gamma(6, 110, rows)),
            "wait": np.round(wait, 1),
            "size": np.round(rng.lognormal(1 + 0.2 * wave, 0.5, rows), 2),
            "tries": tries.astype("float64"),
            "kind": kind,
            "team": rng.choice(["red", "blue", "green"], rows, p=rng.dirichlet([30, 30, 10])),
        }
    )
