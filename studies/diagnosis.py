"""How often a diagnosis is right, over injected episodes whose cause is known.

    python -m studies.diagnosis [--round N …] [--world NAME …]

Every kind of shift is injected into days of several worlds, in several sizes and lengths: data faults by the roster
of fire drills, another mix by drawing rows, covariate shift by taking real days of another weather or season, label
shift by drawing rows by their label, concept shift by other answers to the same rows, a seasonal return by giving
the neighbouring days of the same weeks as an earlier cycle. An episode counts when the check alarms, or when only the
labels moved. The settings of the signs were frozen before the last of four rounds was looked at; its own accuracy is
``accuracy_held``. ``faults_retrained`` counts data faults whose diagnosis would start a retrain.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from ml.diagnosis import Case, explain
from ml.drills import ROSTER
from ml.errors import CannotStrike
from studies.worlds import REFERENCE, World, all_worlds, plain

KINDS = ("data fault", "mix", "covariate shift", "label shift", "concept shift", "seasonal return")
RETRAINED = ("covariate shift", "label shift", "concept shift")
QUIET_DAYS = 40
ROUNDS = (0, 1, 2, 3)
HELD = 3
POOL = 4  # an episode of another mix draws one row in four
# caught by the contract before any comparison: a column under another name, numbers that are text
BEFORE = ("column_renamed", "decimal_comma")
PAGE = Path(__file__).parents[1] / "docs" / "images" / "diagnosis.png"


@dataclass(frozen=True)
class Episode:
    """Some damaged days of a world: what was done, and the kind of cause that is the right answer."""

    world: World
    kind: str
    name: str
    index: int
    current: pl.DataFrame
    earlier: pl.DataFrame | None = None
    answers: Any = None
    round: int = 0


class Ruler:
    """Scores in units of thresholds that the highest of quiet days, one to three together, hardly reach."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.limits = dict.fromkeys(world.inputs, 1.0)
        self.limits = {c: max(self._quiet(c), 1e-6) for c in world.inputs}

    def _quiet(self, column: str) -> float:
        days = np.linspace(REFERENCE, len(self.world.days) - 4, QUIET_DAYS).astype(int)
        found = []
        for n, index in enumerate(days):
            now = self.world.of(self.world.days[index : index + 1 + n % 3])
            found.append(self.strength(column, plain(self.world.before(index)), plain(now)))
        return float(np.quantile(found, 0.97)) * 1.15

    def strength(self, column: str, before: pd.DataFrame, after: pd.DataFrame) -> float:
        """Evidently's normed Wasserstein distance of numbers, Jensen-Shannon distance of categories, in thresholds."""
        from scipy.spatial.distance import jensenshannon

        one, other = before[column].dropna(), after[column].dropna()
        if len(one) < 30 or len(other) < 30:
            return 0.0
        if not pd.api.types.is_numeric_dtype(one):
            shares = pd.concat([s.astype(str).value_counts(normalize=True) for s in (one, other)], axis=1).fillna(0)
            return float(jensenshannon(shares.iloc[:, 0], shares.iloc[:, 1])) / self.limits[column]
        one, other = (pd.to_numeric(s, errors="coerce").astype(float) for s in (one, other))
        ends = [np.quantile(s[np.isfinite(s)], np.linspace(0.0025, 0.9975, 200)) for s in (one, other)]
        return float(np.abs(ends[0] - ends[1]).mean() / max(float(one.std()), 1e-3)) / self.limits[column]


def episodes(world: World, rounds: Sequence[int]) -> Iterator[Episode]:
    """All episodes of a world."""
    for n in rounds:
        rng = np.random.default_rng([len(world.name), n])
        for make in (_faults, _mixes, _covariates, _label_shifts, _concepts, _seasons):
            yield from (replace(episode, round=n) for episode in make(world, rng, n))


def _place(world: World, rng: Any, length: int) -> int:
    return int(rng.integers(REFERENCE + 60, len(world.days) - length - 1))


def _faults(world: World, rng: Any, n: int) -> Iterator[Episode]:
    for make in ROSTER:
        fault = make()
        length = 1 + 2 * (n % 2)
        index = _place(world, rng, length)
        days = world.days[index : index + length]
        if fault.kind in BEFORE:
            continue
        try:
            tables = {world.ground.name: world.of(world.days[index - 1 : index + length])}
            injected = fault.inject(tables, world.ground, days, seed=n)
        except CannotStrike:
            continue
        rows = injected.tables[world.ground.name].filter(pl.col(world.ground.event_time).dt.date().is_in(days))
        yield Episode(world, "data fault", f"{fault.kind}: {injected.detail}", index, rows)


def _mixes(world: World, rng: Any, n: int) -> Iterator[Episode]:
    for column in [c for c in world.inputs if world.rows[c].dtype == pl.String][:3]:
        length = 1 + n % 3
        index = _place(world, rng, POOL * length)
        rows = _pooled(world, index, length)
        values = rows[column].value_counts().sort("count", descending=True)[column].to_list()[:40]
        favoured = rng.choice(values[: max(2, len(values) // 3)])
        weight = np.where(rows[column].to_numpy() == favoured, 6.0, 1.0)
        yield Episode(world, "mix", f"more {column}", index, _drawn(rows, weight, rng))


def _covariates(world: World, rng: Any, n: int) -> Iterator[Episode]:
    """Real days, 45 to 100 days after the last of the reference: another season, all that hangs together together.

    Their labels are drawn anew from what the champion foretells, so that only the inputs moved: the real ones have
    seasons of their own.
    """
    for gap in (45, 70, 100):
        length = 1 + 2 * (n % 3)
        index = int(rng.integers(REFERENCE, max(len(world.days) - gap - length, REFERENCE + 1)))
        if index + gap + length <= len(world.days):
            rows = world.of(world.days[index + gap : index + gap + length])
            yield Episode(world, "covariate shift", f"{gap} days later", index, rows, answers=rng)


def _label_shifts(world: World, rng: Any, n: int) -> Iterator[Episode]:
    for more in (3.0, 5.0, 0.2):
        length = 5 + 2 * (n % 2)
        index = _place(world, rng, POOL * length)
        rows = _pooled(world, index, length).drop_nulls(world.ground.label)
        weight = np.where(rows[world.ground.label].to_numpy(), more, 1.0)
        yield Episode(world, "label shift", f"label x {more:g}", index, _drawn(rows, weight, rng))


def _concepts(world: World, rng: Any, n: int) -> Iterator[Episode]:
    for length in (3, 5, 7):
        index = _place(world, rng, length)
        rows = world.of(world.days[index : index + length]).drop_nulls(world.ground.label)
        yield Episode(world, "concept shift", f"{length} days", index, world.concept(rows, rng))


def _seasons(world: World, rng: Any, n: int) -> Iterator[Episode]:
    for gap in (80, 110):
        index = int(rng.integers(REFERENCE, max(len(world.days) - gap - 15, REFERENCE + 1)))
        weeks = world.days[index + gap : index + gap + 14]
        if len(weeks) == 14:
            now, then = weeks[6:8], weeks[:6] + weeks[8:]
            yield Episode(world, "seasonal return", f"{gap} days later", index, world.of(now), world.of(then))


def _pooled(world: World, index: int, length: int) -> pl.DataFrame:
    """The rows of more days, moved onto fewer: what rows of another mix are drawn from."""
    time = world.ground.event_time
    parts = []
    for n, day in enumerate(world.days[index : index + POOL * length]):
        back = (day - world.days[index + n % length]).days
        parts.append(world.by_day[day].with_columns(pl.col(time) - pl.duration(days=back)))
    return pl.concat(parts)


def _drawn(rows: pl.DataFrame, weight: Any, rng: Any) -> pl.DataFrame:
    """One in so many rows, as many as the days usually have, none twice."""
    chosen = rng.choice(rows.height, rows.height // POOL, replace=False, p=weight / weight.sum())
    return rows[np.sort(chosen)]


def champion(world: World) -> Callable[[pd.DataFrame], Any]:
    """A model of the world's first days, which gives each row's probability."""
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder

    ground, inputs = world.ground, list(world.inputs)
    known = plain(world.of(world.days[: len(world.days) // 2 * 2])).dropna(subset=[ground.label])
    texts = [c for c in inputs if world.rows[c].dtype == pl.String]
    encoder = make_column_transformer(
        (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-1), texts),
        remainder="passthrough",
    )
    model = make_pipeline(encoder, HistGradientBoostingClassifier(max_iter=80, random_state=0))

    def features(frame: pd.DataFrame) -> pd.DataFrame:
        hours = frame[ground.event_time].dt.hour.astype(float)
        return frame[inputs].assign(__hour=hours)

    model.fit(features(known.iloc[::2]), known.iloc[::2][ground.label].astype(int))
    return lambda frame: model.predict_proba(features(frame))[:, 1]


def diagnose(episode: Episode, ruler: Ruler, predict: Callable[[pd.DataFrame], Any]) -> tuple[str, Any] | None:
    """The diagnosis and its evidence; None when nothing alarms."""
    world = episode.world
    reference, current = plain(world.before(episode.index)), plain(episode.current)
    if episode.answers is not None:
        current[world.ground.label] = episode.answers.random(len(current)) < predict(current)
    moved = tuple(c for c in world.inputs if ruler.strength(c, reference, current) >= 1.0)
    moved += tuple(
        c for c in world.inputs if c not in moved and current[c].isna().mean() > reference[c].isna().mean() + 0.1
    )
    if not moved and episode.kind not in ("label shift", "concept shift"):
        return None
    earlier = None if episode.earlier is None else plain(episode.earlier)
    case = Case(
        reference,
        current,
        moved,
        ruler.strength,
        world.ground.event_time,
        world.inputs,
        world.ground.label,
        world.tables,
        earlier,
        predict,
    )
    return explain(case)


def main(rounds: Sequence[int], only: list[str]) -> None:
    """Run the rounds over the worlds, tell of each, and draw the matrix when nothing was left out."""
    answers: list[tuple[Episode, str, Any]] = []
    for world in all_worlds():
        if only and world.name not in only:
            continue
        ruler, predict = Ruler(world), champion(world)
        for n, episode in enumerate(episodes(world, rounds)):
            found = diagnose(episode, ruler, predict)
            if found is not None:
                answers.append((episode, *found))
            if n % 20 == 0:
                print(f"{world.name}: {n} episodes", file=sys.stderr, flush=True)
    report(answers)
    if not only and set(rounds) == set(ROUNDS):
        draw(answers)


def report(answers: list[tuple[Episode, str, Any]]) -> None:
    """The confusion matrix, by cause; what was missed; the figures."""
    found = Counter((e.kind, answer) for e, answer, _ in answers)
    print(f"{'cause':<18}" + "".join(f"{k:>17}" for k in KINDS))
    for kind in KINDS:
        print(f"{kind:<18}" + "".join(f"{found[kind, other]:>17}" for other in KINDS))
    for e, answer, evidence in answers:
        if answer != e.kind:
            why = evidence[0].sentence if evidence else "no sign"
            print(f"  {e.world.name} round {e.round}: {e.kind} ({e.name}) taken for {answer}: {why}")
    held = [one for one in answers if one[0].round == HELD]
    figures = {
        "episodes": len(answers),
        "accuracy": _accuracy(answers),
        "episodes_held": len(held),
        "accuracy_held": _accuracy(held),
        "faults": sum(e.kind == "data fault" for e, _, _ in answers),
        "faults_retrained": sum(e.kind == "data fault" and answer in RETRAINED for e, answer, _ in answers),
    }
    print(json.dumps(figures))


def _accuracy(answers: list[tuple[Episode, str, Any]]) -> float | None:
    return round(sum(e.kind == answer for e, answer, _ in answers) / len(answers), 4) if answers else None


def draw(answers: list[tuple[Episode, str, Any]]) -> None:
    """The confusion matrix as a picture for the docs: each row is a cause, its shares by diagnosis."""
    from matplotlib.figure import Figure

    found = Counter((e.kind, answer) for e, answer, _ in answers)
    counts = np.array([[found[kind, other] for other in KINDS] for kind in KINDS], dtype=float)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = Figure(figsize=(7.6, 4.6), dpi=110, layout="constrained", facecolor="white")
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for row in range(len(KINDS)):
        for column in range(len(KINDS)):
            ink = "white" if shares[row, column] > 0.5 else "#24292f"
            axes.text(column, row, f"{counts[row, column]:.0f}", ha="center", va="center", color=ink)
    axes.set_xticks(range(len(KINDS)), [k.replace(" ", "\n") for k in KINDS])
    axes.set_yticks(range(len(KINDS)), KINDS)
    axes.set_xlabel("diagnosis")
    axes.set_ylabel("injected cause")
    axes.tick_params(length=0)
    figure.suptitle(f"{len(answers)} injected episodes", x=0.01, ha="left", fontsize=11)
    figure.savefig(PAGE, metadata={"Software": None})


if __name__ == "__main__":
    words = argparse.ArgumentParser(description="How often a diagnosis is right.")
    words.add_argument(
        "--round", action="append", type=int, choices=ROUNDS, help="only this round (may be given again)"
    )
    words.add_argument("--world", action="append", default=[], help="only this world (may be given again)")
    said = words.parse_args()
    main(said.round or ROUNDS, said.world)
