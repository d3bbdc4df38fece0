"""Years of nights in which a recipe of a known worth stands beside the champion's, and what the gate makes of them.

The rows of a day share its weather: what a recipe is worth on a day is drawn once for the day, and each of its rows
adds noise of its own. Days are alike to their neighbours, and may be skewed or have heavy tails.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ml.estimate import WEEK
from ml.looks import reach

NIGHTS = 364
ROWS, ROW_NOISE, DAY_NOISE = 900, 0.1, 0.01
"""Rows of a day, how far one row's difference lies from its day's, how far days lie apart: as on flights."""
MARGIN, ALPHA = 0.002, 0.05
Array = np.ndarray[Any, Any]
Draw = Callable[[np.random.Generator, tuple[int, int]], Array]


@dataclass(frozen=True)
class World:
    """How the days of a year differ: the shape of what comes new each day, and how much stays until the next."""

    draw: Draw
    stays: float


def normal(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    return rng.normal(size=shape)


def skewed(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    return (rng.gamma(1.5, size=shape) - 1.5) / np.sqrt(1.5)


def _heavy(rng: np.random.Generator, shape: tuple[int, int]) -> Array:
    return rng.standard_t(3, size=shape) / np.sqrt(3)


WORLDS: Mapping[str, World] = {
    "normal days": World(normal, 0.0),
    "days like their neighbours": World(normal, 0.3),
    "days much like their neighbours": World(normal, 0.5),
    "bad days far out": World(skewed, 0.3),
    "good days far out": World(lambda rng, shape: -skewed(rng, shape), 0.3),
    "heavy tails": World(_heavy, 0.3),
}


def days(world: World, worse_by: float, years: int, seed: int) -> Array:
    """The mean difference between two recipes on each day (years x nights), a mean over that day's rows."""
    rng = np.random.default_rng(seed)
    new = world.draw(rng, (years, NIGHTS))
    shared = np.empty_like(new)
    shared[:, 0] = new[:, 0]
    for night in range(1, NIGHTS):
        shared[:, night] = world.stays * shared[:, night - 1] + np.sqrt(1 - world.stays**2) * new[:, night]
    of_rows = rng.normal(scale=ROW_NOISE / np.sqrt(ROWS), size=shared.shape)
    return worse_by + DAY_NOISE * shared + of_rows


def shown(found: Array, level: float, margin: float = MARGIN) -> Array:
    """On which weeks of each year the recipe is shown to be no worse by more than the margin (years x weeks)."""
    weeks = found.reshape(len(found), -1, WEEK).mean(axis=2)
    n = np.arange(1, weeks.shape[1] + 1)
    mean = weeks.cumsum(axis=1) / n
    spread = np.maximum((weeks**2).cumsum(axis=1) - n * mean**2, 0) / np.maximum(n - 1, 1)
    far = np.array([reach(int(blocks), 1.0, level) for blocks in n])
    with np.errstate(invalid="ignore"):
        upper = mean + far * np.sqrt(spread / n)
    passed: Array = (upper <= margin) & np.isfinite(far)
    return passed


def side_by_side(found: Array, margin: float = MARGIN) -> Array:
    """On which nights two numbers side by side, over the newest seven days, let the recipe pass."""
    passed: Array = _newest(found).mean(axis=2) <= margin
    return passed


def one_look(found: Array, margin: float = MARGIN) -> Array:
    """On which nights a 95 % interval over the newest seven days, made for one look, lies below the margin."""
    from scipy import stats  # type: ignore[import-untyped]

    newest = _newest(found)
    error = newest.std(axis=2, ddof=1) / np.sqrt(WEEK)
    passed: Array = newest.mean(axis=2) + stats.t.ppf(0.975, WEEK - 1) * error <= margin
    return passed


def _newest(found: Array) -> Array:
    return np.lib.stride_tricks.sliding_window_view(found, WEEK, axis=1)


def first_level(alpha: float = ALPHA) -> float:
    """The level at which the first question of a year is asked."""
    return 1 - alpha / 2


def wrong(worse_by: float, years: int, seed: int = 0) -> dict[str, dict[str, int]]:
    """In how many years a recipe that is this much worse is let in on any night, by world and by gate.

    The gate looks at two comparisons, and either will do; here they err independently, which is worse than they can.
    """
    counted: dict[str, dict[str, int]] = {}
    for place, (name, world) in enumerate(WORLDS.items()):
        found, rows = (days(world, worse_by, years, seed + place + more) for more in (0, 100))
        gate = shown(found, first_level()) | shown(rows, first_level())
        ways = {"gate": gate, "one look": one_look(found), "side by side": side_by_side(found)}
        counted[name] = {way: int(passed.any(axis=1).sum()) for way, passed in ways.items()}
    return counted


def restless(years: int, recipes: int = 6, seed: int = 500) -> int:
    """In how many years of an owner who tries so many recipes, each worse by the margin, any of them is let in."""
    found = days(WORLDS["days like their neighbours"], MARGIN, years, seed)
    span = NIGHTS // recipes // WEEK * WEEK
    let_in = np.zeros(years, dtype=bool)
    for k in range(recipes):
        level = 1 - ALPHA / ((k + 1) * (k + 2))
        let_in |= shown(found[:, k * span : (k + 1) * span], level).any(axis=1)
    return int(let_in.sum())


def nights_until(worse_by: float, years: int, margin: float = MARGIN, seed: int = 900) -> dict[str, float | None]:
    """Of recipes of this worth: the share let in within a year, and the nights until half of them are, if ever."""
    passed = shown(days(WORLDS["days like their neighbours"], worse_by, years, seed), first_level(), margin)
    ever = passed.any(axis=1)
    first = np.where(ever, (passed.argmax(axis=1) + 1) * WEEK, np.inf)
    half = float(np.median(first))
    return {"within a year": round(float(ever.mean()), 3), "nights, half of them": half if half < np.inf else None}


def harm(size: float, years: int, seed: int = 1300) -> float:
    """The share of nights on which rows that did the champion's own recipe this much harm are stopped at once."""
    from scipy import stats

    newest = days(WORLDS["days like their neighbours"], size, years, seed)[:, :WEEK]
    error = newest.std(axis=1, ddof=1) / np.sqrt(WEEK)
    far = stats.t.ppf(0.975, WEEK - 1) * error
    mean = newest.mean(axis=1)
    return float(((mean - far > 0) & (mean + far > MARGIN)).mean())


def coverage(blocks: int, draw: Draw = normal, samples: int = 4000, seed: int = 7) -> dict[str, float]:
    """How often 95 % intervals around the mean of so few days hold the truth, by how they are made."""
    from scipy import stats

    rng = np.random.default_rng(seed)
    values = draw(rng, (samples, blocks))
    mean, error = values.mean(axis=1), values.std(axis=1, ddof=1) / np.sqrt(blocks)
    picked = values[np.arange(samples)[:, None, None], rng.integers(blocks, size=(samples, 500, blocks))]
    again, spread = picked.mean(axis=2), picked.std(axis=2, ddof=1) / np.sqrt(blocks)
    low, high = np.quantile(again, [0.025, 0.975], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.nan_to_num((again - mean[:, None]) / spread, posinf=1e9, neginf=-1e9)
    t_low, t_high = np.quantile(t, [0.025, 0.975], axis=1)
    signs = rng.choice([-1.0, 1.0], size=(samples, 500, blocks))
    wild = np.quantile(np.abs((signs * (values - mean[:, None])[:, None, :]).mean(axis=2)), 0.95, axis=1)
    held = {
        "Student's t over days": abs(mean) <= stats.t.ppf(0.975, blocks - 1) * error,
        "percentile bootstrap of days": (low <= 0) & (high >= 0),
        "studentised bootstrap of days": (mean - t_high * error <= 0) & (mean - t_low * error >= 0),
        "wild bootstrap of days": abs(mean) <= wild,
    }
    return {name: round(float(inside.mean()), 3) for name, inside in held.items()}
