"""Retraining on the flights of 2013, lived through with a gate, without one, and not at all.

A night after day t knows the labels of the days before t; what is promoted that night serves from t + 1 on. The models
have no features of the past.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ml import looks
from ml.comparison import compare
from ml.gates import BeatsChampion
from ml.pipelines.flight_delays import estimator
from ml.records import Comparison, Evaluation, Score
from studies.flights import frame, plain

FIRST, HOLDOUT, AHEAD, LAST = date(2013, 1, 1), 7, 91, 363
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Fits:
    """Models fitted on days of 2013, counted from 0, as predictions of the days that follow them.

    ``keep`` is a folder in which predictions are kept from run to run.
    """

    keep: Path | None = None
    known: dict[str, Array] = field(default_factory=dict)

    @cached_property
    def rows(self) -> Any:
        found = frame().to_pandas()
        found = found[found["late"].notna()].reset_index(drop=True)
        return found.assign(late=found["late"].astype("int64"))

    @cached_property
    def day(self) -> Array:
        return ((self.rows["sched_dep"].dt.normalize() - np.datetime64(FIRST)).dt.days).to_numpy()

    @cached_property
    def late(self) -> Array:
        return self.rows["late"].to_numpy()

    def predicted(self, first: int, last: int, days: tuple[int, int], ahead: int = AHEAD) -> Array:
        """What the model of days ``first`` to ``last`` says of the rows of ``days``, at most ``ahead`` days later."""
        later = self.day[(self.day > last) & (self.day <= last + ahead)]
        return self._after(first, last, ahead)[(later >= days[0]) & (later <= days[1])].astype("float64")

    def _after(self, first: int, last: int, ahead: int) -> Array:
        name = f"{first}_{last}" if ahead == AHEAD else f"{first}_{last}_{ahead}"
        path = self.keep / f"{name}.npy" if self.keep else None
        if name not in self.known:
            kept = path is not None and path.exists()
            self.known[name] = np.load(path) if path and kept else self._fitted(first, last, ahead)
            if path and not kept:
                np.save(path, self.known[name])
        return self.known[name]

    def _fitted(self, first: int, last: int, ahead: int) -> Array:
        features = list(plain().model.features)
        seen, later = (
            self.rows[(self.day >= low) & (self.day <= high)] for low, high in ((first, last), (last + 1, last + ahead))
        )
        model = estimator(seed=0).fit(seen[features], seen["late"])
        return np.asarray(model.predict_proba(later[features])[:, 1], dtype="float32")


@dataclass(frozen=True)
class Plan:
    """When it is retrained, on how many days, and by which gate."""

    fits: Fits
    nights: tuple[int, ...]
    window: int
    gate: BeatsChampion

    def first(self, last: int) -> int:
        return max(0, last - self.window + 1)

    def served(self) -> Iterator[tuple[int, tuple[int, int]]]:
        """Each night with the days that its model serves."""
        step = self.nights[1] - self.nights[0]
        for night in self.nights:
            yield night, (night + 1, min(night + step, LAST))

    @property
    def rows(self) -> int:
        """How many rows are served."""
        return sum(len(self._late(days)) for _, days in self.served())

    def _late(self, days: tuple[int, int]) -> Array:
        return self.fits.late[(self.fits.day >= days[0]) & (self.fits.day <= days[1])]

    def loss(self, night_of: Callable[[int], int], ahead: int = AHEAD) -> float:
        """The log-loss over all served days, when ``night_of`` a night says which night's model serves after it."""
        total = 0.0
        for night, days in self.served():
            fitted = night_of(night) - 1
            p = self.fits.predicted(self.first(fitted), fitted, days, ahead)
            total += float(-(np.log(np.where(self._late(days) == 1, p, 1 - p))).sum())
        return total / self.rows

    def evaluation(self, night: int, champion: int) -> Evaluation:
        """What the night finds of its challenger beside the model of the night ``champion``, as the platform would."""
        held = (night - HOLDOUT, night - 1)
        inside = (self.fits.day >= held[0]) & (self.fits.day <= held[1])
        seen = champion - 1 >= held[0]
        basis = "own rows" if seen else "as served"
        ends = (self.first(night - 1), held[0] - 1), (self.first(champion - 1), min(champion - 1, held[0] - 1))
        one, other = (self.fits.predicted(*end, held) for end in ends)
        days = np.datetime64(FIRST) + self.fits.day[inside]
        found = compare("log_loss", self.fits.late[inside], one, other, days)
        if found is None:
            raise ValueError(f"night {night}: the models cannot be compared")
        first, last = (FIRST + timedelta(days=day) for day in held)
        beside = Comparison(role="champion", how=basis, metric="log_loss", rows=len(one), basis=basis, **vars(found))
        scores = [Score(role=role, how=basis, metrics={"log_loss": 0.0}) for role in ("challenger", "champion")]
        return Evaluation(
            pipeline="flight_delays",
            day=FIRST + timedelta(days=night),
            run_id=str(night),
            metric="log_loss",
            first=first,
            last=last,
            rows=len(one),
            scores=tuple(scores),
            champion_version=champion,
            comparisons=(beside,),
            procedure="recipe",
            champion_procedure="recipe",
        )


@dataclass(frozen=True)
class Lived:
    """The log-loss of the served days by three ways to deploy, and the nights that the gate refused."""

    freshest: float
    gated: float
    never: float
    nights: int
    rows: int
    refused: tuple[date, ...]

    @property
    def cost(self) -> float:
        """How much log-loss the gate costs against always taking the freshest; negative when it saves some."""
        return self.gated - self.freshest


def live(plan: Plan) -> Lived:
    """Walk the nights: the gate decides on each but the first, and what it refuses does not serve."""
    champion, past, serves, refused = plan.nights[0], list[Evaluation](), {plan.nights[0]: plan.nights[0]}, list[int]()
    for night in plan.nights[1:]:
        found = looks.with_looks(plan.evaluation(night, champion), past, 0.05)
        past.append(found)
        if plan.gate.finding(found).passed:
            champion = night
        else:
            refused.append(night)
        serves[night] = champion
    return Lived(
        freshest=plan.loss(lambda night: night),
        gated=plan.loss(serves.__getitem__),
        never=plan.loss(lambda night: plan.nights[0], ahead=366),
        nights=len(plan.nights),
        rows=plan.rows,
        refused=tuple(FIRST + timedelta(days=night) for night in refused),
    )


def weekly(fits: Fits, window: int, gate: BeatsChampion) -> Lived:
    """Every seventh night from the ninth week on, to the end of the year."""
    return live(Plan(fits, tuple(range(62, LAST + 1, 7)), window, gate))


def nightly(fits: Fits, window: int, gate: BeatsChampion, stretch: tuple[int, int]) -> Lived:
    """Every night of a stretch of the year, from a night up to another."""
    return live(Plan(fits, tuple(range(*stretch)), window, gate))
