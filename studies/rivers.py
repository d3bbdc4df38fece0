"""River's generators as years of days, the rows of a day leaning one way together.

Montiel et al. 2021, River: machine learning for streaming data in Python, https://riverml.xyz. Its streams have
independent rows and known concepts. Here each day has a state, that remembers the days before, and a season: rows are
drawn from the stream so that those which lie along the state come more often. So the days differ as real ones do, and
what leads to the label is the generator's own function, on all of them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

DAYS, DAYS_BEFORE, ROWS, SPARE = 240, 120, 320, 2
FIRST = datetime(2013, 1, 1)
MEMORY, WEATHER, SEASON = 0.7, 0.12, 0.7


@dataclass
class River:
    """A generator of River, its concept by ``variant``; ``others`` are variants with another concept.

    ``texts`` are columns whose numbers are names, ``digits`` is how finely the others are written down. ``certain`` is
    whether the inputs alone say the label, without noise.
    """

    name: str
    make: Callable[[int], Any]
    others: tuple[int, ...]
    columns: tuple[str, ...]
    texts: tuple[str, ...] = ()
    digits: Mapping[str, int] = field(default_factory=dict)
    variant: int = 0
    certain: bool = False

    def __post_init__(self) -> None:
        self._streams: dict[int, Iterator[Any]] = {}
        rng = np.random.default_rng([*self.name.encode()])
        self._leaning = rng.normal(size=(2, len(self.columns)))
        self._leaning /= np.linalg.norm(self._leaning, axis=1, keepdims=True)
        self._states = {before: _states(rng) for before in (True, False)}

    def year(self, before: bool = False) -> pl.DataFrame:
        """All rows; those of the year before lie in it, and have other states."""
        rng = np.random.default_rng([before, *self.name.encode()])
        year = FIRST - timedelta(days=364) if before else FIRST
        days = (self._day(n, before, self.variant, rng) for n in range(DAYS_BEFORE if before else DAYS))
        return pl.concat([self._dated(rows, year + timedelta(days=n), rng) for n, rows in enumerate(days)])

    def another(self, rows: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
        """As many rows of the same days, of the same states, by another of the generator's functions."""
        variant = int(rng.choice(self.others))
        days = rows["at"].dt.date().unique().sort().to_list()
        parts = []
        for day in days:
            n = (day - FIRST.date()).days
            start = FIRST + timedelta(days=n)
            parts.append(self._dated(self._day(n, False, variant, rng), start, rng))
        return pl.concat(parts)

    def _day(self, n: int, before: bool, variant: int, rng: Any) -> pd.DataFrame:
        known = self._records(variant, ROWS * SPARE)
        weight = np.exp(self._along(known) @ self._states[before][n])
        chosen = rng.choice(len(known), ROWS, replace=False, p=weight / weight.sum())
        return known.iloc[np.sort(chosen)]

    def _records(self, variant: int, count: int) -> pd.DataFrame:
        if variant not in self._streams:
            self._streams[variant] = iter(self.make(variant))
        stream = self._streams[variant]
        records = pd.DataFrame([[*x.values(), bool(y)] for x, y in (next(stream) for _ in range(count))])
        records.columns = [*self.columns, "label"]
        return records

    def _along(self, records: pd.DataFrame) -> Any:
        """How far each row lies along the two directions in which days lean, in deviations."""
        ranks = records[list(self.columns)].astype(float).rank(pct=True).to_numpy()
        return ((ranks - 0.5) * 12**0.5) @ self._leaning.T

    def _dated(self, records: pd.DataFrame, day: datetime, rng: Any) -> pl.DataFrame:
        minutes = np.sort(rng.integers(300, 1380, len(records)))
        named = {c: [f"{c[0]}{int(v)}" for v in records[c]] for c in self.texts}
        numbers = {c: records[c].astype(float).round(self.digits.get(c, 3)) for c in self.columns if c not in named}
        at = [day + timedelta(minutes=int(m)) for m in minutes]
        columns = {c: named[c] if c in named else numbers[c].to_numpy() for c in self.columns}
        return pl.DataFrame({"at": at, "id": np.arange(len(at)), **columns, "label": records["label"].to_numpy()})


def _states(rng: Any) -> Any:
    """For each day how far it leans in either direction: the season in the first, a weather that lasts in both."""
    states, now = [], rng.normal(0, WEATHER, 2)
    for n in range(DAYS):
        now = MEMORY * now + (1 - MEMORY**2) ** 0.5 * rng.normal(0, WEATHER, 2)
        states.append(now + np.array([SEASON * np.sin(2 * np.pi * n / DAYS), 0.0]))
    return np.array(states)


def _agrawal() -> River:
    from river.datasets import synth

    money = ("salary", "commission", "age", "elevel", "car", "zipcode", "hvalue", "hyears", "loan")
    digits = dict.fromkeys(("salary", "commission", "hvalue", "loan"), 0)
    return River(
        "agrawal",
        lambda v: synth.Agrawal(classification_function=v, seed=7 + v, perturbation=0.05),
        (1, 2, 3, 5),
        money,
        ("elevel", "car", "zipcode"),
        digits,
    )


def _sea() -> River:
    from river.datasets import synth

    return River("sea", lambda v: synth.SEA(variant=v, noise=0.1, seed=17 + v), (2, 3), ("a", "b", "c"), (), {})


def _hyperplane() -> River:
    from river.datasets import synth

    names = ("a", "b", "c", "d", "e", "f")
    return River("hyperplane", lambda v: synth.Hyperplane(seed=27 + v, n_features=6), (1, 2, 3), names)


def _mixed() -> River:
    from river.datasets import synth

    names = ("valve", "gate", "x", "y")
    return River("mixed", lambda v: synth.Mixed(v, seed=37 + v), (1,), names, ("valve", "gate"), certain=True)


def _stagger() -> River:
    from river.datasets import synth

    names = ("size", "color", "shape")
    return River("stagger", lambda v: synth.STAGGER(v, seed=47 + v), (1, 2), names, names, certain=True)


def _sine() -> River:
    from river.datasets import synth

    names = ("a", "b", "c", "d")
    return River("sine", lambda v: synth.Sine(v, seed=57 + v, has_noise=True), (1, 2, 3), names, certain=True)


ROSTER: Mapping[str, Callable[[], River]] = {
    "agrawal": _agrawal,
    "sea": _sea,
    "hyperplane": _hyperplane,
    "mixed": _mixed,
    "stagger": _stagger,
    "sine": _sine,
}
