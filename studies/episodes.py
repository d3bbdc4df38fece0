"""Episodes whose cause is known: days of a world that were damaged, drawn otherwise, or taken from another season.

Data faults are those of the fire drills, in several sizes, struck in every table that has the column; another mix is
drawn from the rows of more days; a covariate shift are real days of another weather or season, from one night to the
next; a label shift is drawn by label; a concept shift gives other answers to the same rows; a seasonal return has the
days of the same weeks of an earlier cycle beside it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from zlib import crc32

import numpy as np
import polars as pl

from ml.drills import ROSTER
from ml.errors import CannotStrike
from studies.worlds import REFERENCE, Tables, World

DAMAGED = "__damaged"
POOL = 4  # an episode of another mix draws from the rows of four times as many days
SIZES: Mapping[str, Sequence[dict[str, Any]]] = {
    "unit_changed": ({}, {"share": 0.5}),
    "sign_flipped": ({}, {"share": 0.3}),
    "sentinel": ({}, {"share": 0.15}),
    "spike": ({}, {"share": 0.03}),
    "null_burst": ({}, {"share": 0.3}, {"share": 0.15}),
    "sensor_frozen": ({}, {"hours": 12}),
    "encoding_damaged": ({}, {"share": 0.05}),
    "rows_twice": ({}, {"share": 0.5}),
    "late_half": ({}, {"until": 16}),
    "source_missing": ({}, {"share": 0.8}, {"share": 0.35}),
    "join_shifted": ({}, {"hours": 3}),
    "clock_shifted": ({}, {"hours": 2}),
}


@dataclass(frozen=True)
class Episode:
    """Some days of a world as they came: what was done to them, and the kind of cause that is the right answer.

    ``days`` has the tables of each; damaged rows say so in the column ``DAMAGED``, where it is there, and ``lost`` is
    whether rows are missing. With ``answers`` the labels are drawn from what the champion foretells.
    """

    world: World
    kind: str
    name: str
    index: int
    days: Mapping[date, Tables]
    earlier: pl.DataFrame | None = None
    answers: int | None = None
    round: int = 0
    lost: bool = False


def episodes(world: World, rounds: Sequence[int]) -> Iterator[Episode]:
    """All episodes of a world."""
    for n in rounds:
        for make in (_faults, _mixes, _covariates, _label_shifts, _concepts, _seasons):
            rng = np.random.default_rng([n, crc32(world.name.encode()), crc32(make.__name__.encode())])
            yield from (replace(episode, round=n) for episode in make(world, rng, n))


def _place(world: World, rng: Any, length: int) -> int:
    return int(rng.integers(REFERENCE + 20, len(world.days) - length - 1))


def _faults(world: World, rng: Any, n: int) -> Iterator[Episode]:
    for make in ROSTER:
        kind = make.model_fields["kind"].default
        sizes = SIZES.get(kind, ({},))
        for size in sizes:
            length = int(rng.choice([1, 2, 3]))
            index = _place(world, rng, length)
            days = world.days[index : index + length]
            try:
                injected = make(**size).inject(_tables(world, index - 1, length + 1), world.ground, days, seed=n)
            except CannotStrike:
                continue
            name = f"{kind}: {injected.detail}{''.join(f', {k} {v:g}' for k, v in size.items())}"
            own = injected.tables[world.name].with_columns(injected.damaged[world.name].alias(DAMAGED))
            tables = {**injected.tables, world.name: own}
            lost = any(strike.lost for strike in injected.strikes if strike.table == world.name)
            parts = {day: _of(world, tables, day) for day in days}
            yield Episode(world, "data fault", name, index, parts, lost=lost)


def _mixes(world: World, rng: Any, n: int) -> Iterator[Episode]:
    texts = [c for c in world.inputs if world.accepted[world.days[0]].schema[c] == pl.String][:3]
    for column, often in [(c, often) for c in texts for often in (6.0, 3.0)]:
        length = 1 + n % 3
        index = _place(world, rng, POOL * length)
        rows = _pooled(world, index, length, rng)
        values = rows[column].value_counts().sort("count", column, descending=True)[column].to_list()[:40]
        favoured = rng.choice(values[: max(2, len(values) // 3)])
        weight = np.where((rows[column] == favoured).fill_null(False).to_numpy(), often, 1.0)
        days = _by_day(world, _drawn(world, rows, weight, length, rng))
        yield Episode(world, "mix", f"{column} {favoured} x {often:g}", index, days)


def _covariates(world: World, rng: Any, n: int) -> Iterator[Episode]:
    """Real days, one to five, seven to fourteen weeks after the reference: all that hangs together moved together.

    Their labels are drawn anew from what the champion foretells, so that only the inputs moved: the real ones have
    seasons of their own.
    """
    for gap in (49, 70, 98):
        length = int(rng.integers(1, 6))
        index = int(rng.integers(REFERENCE, len(world.days) - gap - length))
        rows = _later(world, world.days[index : index + length], gap)
        if rows is not None:
            days = _by_day(world, rows)
            yield Episode(
                world, "covariate shift", f"{gap} days later", index, days, answers=int(rng.integers(1 << 30))
            )


def _label_shifts(world: World, rng: Any, n: int) -> Iterator[Episode]:
    """The rows of one class come more often; a label that follows from the inputs alone cannot shift by itself."""
    if world.certain:
        return
    for more in (3.0, 5.0, 0.2):
        length = 5 + 2 * (n % 2)
        index = _place(world, rng, POOL * length)
        rows = _pooled(world, index, length, rng).drop_nulls(world.ground.label)
        weight = np.where(rows[world.ground.label].to_numpy(), more, 1.0)
        days = _by_day(world, _drawn(world, rows, weight, length, rng))
        yield Episode(world, "label shift", f"label x {more:g}", index, days)


def _concepts(world: World, rng: Any, n: int) -> Iterator[Episode]:
    for length in (3, 5, 7):
        index = _place(world, rng, length)
        rows = world.of(world.days[index : index + length]).drop_nulls(world.ground.label)
        yield Episode(world, "concept shift", f"{length} days", index, _by_day(world, world.concept(rows, rng)))


def _seasons(world: World, rng: Any, n: int) -> Iterator[Episode]:
    for gap in (77, 105):
        index = int(rng.integers(REFERENCE, len(world.days) - gap - 15))
        around = [world.days[index] + timedelta(days=k) for k in range(-6, 8) if k not in (0, 1)]
        now, then = (_later(world, days, gap) for days in (world.days[index : index + 2], around))
        if now is not None and then is not None:
            yield Episode(world, "seasonal return", f"{gap} days later", index, _by_day(world, now), then)


def _tables(world: World, first: int, length: int) -> dict[str, pl.DataFrame]:
    """The tables of some days, as they came."""
    days = [world.parts[day] for day in world.days[first : first + length]]
    return {name: pl.concat([tables[name] for tables in days]) for name in world.given}


def _of(world: World, tables: Tables, day: date) -> Tables:
    times = world.ground.times

    def of_day(name: str, rows: pl.DataFrame) -> pl.DataFrame:
        time = times[name]
        return rows.filter((pl.col(time).dt.date() == day).fill_null(False)) if time in rows.columns else rows

    return {name: of_day(name, rows) for name, rows in tables.items()}


def _by_day(world: World, rows: pl.DataFrame) -> dict[date, Tables]:
    """Own rows alone by day: upstream tables know nothing of rows that were drawn or moved."""
    time = world.ground.event_time
    days = rows[time].dt.date().unique().sort().to_list()
    return {day: {world.name: rows.filter(pl.col(time).dt.date() == day)} for day in days}


def _later(world: World, days: Sequence[date], gap: int) -> pl.DataFrame | None:
    """The rows of so many days later, as if they were of these days; None when one of those days is not there."""
    wanted = [day + timedelta(days=gap) for day in days]
    if not all(day in world.accepted for day in wanted):
        return None
    return world.moved(world.of(wanted), gap)


def _pooled(world: World, index: int, length: int, rng: Any) -> pl.DataFrame:
    """The rows of more days, moved onto fewer, none with a key that another has: what another mix is drawn from."""
    parts = []
    for n, day in enumerate(world.days[index : index + POOL * length]):
        parts.append(world.moved(world.accepted[day], (day - world.days[index + n % length]).days))
    rows = pl.concat(parts)
    return rows[rng.permutation(rows.height)].unique(list(world.ground.key), keep="first", maintain_order=True)


def _drawn(world: World, rows: pl.DataFrame, weight: Any, length: int, rng: Any) -> pl.DataFrame:
    """As many rows as the days usually have, none twice."""
    usual = sum(world.accepted[day].height for day in world.days[:length])
    chosen = rng.choice(rows.height, min(usual, rows.height // 2), replace=False, p=weight / weight.sum())
    return rows[np.sort(chosen)].sort(world.ground.event_time)
