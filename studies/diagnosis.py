"""How often a diagnosis is right, over injected episodes whose cause is known.

    python -m studies.diagnosis [--round N …] [--world NAME …] [--jobs N]

Every kind of shift is injected into days of several worlds (``studies.episodes``), and each day is first held against
the contract of its pipeline, as life does: a day that it sets aside never reaches a diagnosis (``stopped_by_contract``
counts episodes of which no day is left), and rows that it refuses are taken out. What is left is diagnosed night by
night, each with all days so far; an episode counts when the check alarms, or when only the labels moved, and its last
night's diagnosis is its answer. ``faults_retrained`` counts data faults of which any night would have started a
retrain. The settings of the signs were frozen before the rounds in ``HELD`` were drawn; their own accuracy is
``accuracy_held``.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from ml.diagnosis import Case, doubts, explain
from studies.episodes import DAMAGED, Episode, episodes
from studies.worlds import REFERENCE, World, all_worlds, plain

KINDS = ("data fault", "mix", "covariate shift", "label shift", "concept shift", "seasonal return")
RETRAINED = ("covariate shift", "label shift", "concept shift")
QUIET_DAYS = 40
ROUNDS = (0, 1, 2)
HELD = (2,)
PAGE = Path(__file__).parents[1] / "docs" / "images" / "diagnosis.png"


@dataclass(frozen=True)
class Night:
    """What was said in the night after so many days of an episode, and whether it starts a retrain."""

    after: int
    kind: str
    sentence: str
    retrain: bool
    moved: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of an episode: the rules that stopped days of it, and its nights with an alarm."""

    world: str
    cause: str
    name: str
    round: int
    days: int
    stops: tuple[str, ...]
    let_in: int
    nights: tuple[Night, ...]

    @property
    def answer(self) -> str | None:
        return self.nights[-1].kind if self.nights else None

    @property
    def retrained(self) -> int | None:
        """The first night that started a retrain."""
        return next((night.after for night in self.nights if night.retrain), None)


@dataclass(frozen=True)
class Ruler:
    """Scores in units of thresholds that the highest of quiet days, one to three together, hardly reach."""

    limits: Mapping[str, float]

    @classmethod
    def of(cls, world: World) -> "Ruler":
        plainly = cls(dict.fromkeys(world.inputs, 1.0))
        days = np.linspace(REFERENCE, len(world.days) - 4, QUIET_DAYS).astype(int)
        sides = [(plain(world.before(i)), plain(world.of(world.days[i : i + 1 + n % 3]))) for n, i in enumerate(days)]
        quiet = {c: np.quantile([plainly.strength(c, *both) for both in sides], 0.97) for c in world.inputs}
        return cls({c: max(float(level) * 1.15, 1e-6) for c, level in quiet.items()})

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


def champion(world: World) -> Callable[[pd.DataFrame], Any]:
    """A model of every other row of the world, which gives each row's probability."""
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder

    ground, inputs = world.ground, list(world.inputs)
    known = plain(world.of(world.days)).dropna(subset=[ground.label])
    texts = [c for c in inputs if world.accepted[world.days[0]].schema[c] == pl.String]
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


def let_in(episode: Episode) -> tuple[list[pl.DataFrame], list[str]]:
    """The accepted rows of each day that the contract lets in, and the rules that stopped the others.

    A day of which it refuses all damaged rows, and lost none, is a clean day again, and no part of the episode. A day
    is judged beside the days before it as they are: a damaged one that was let in is one of them.
    """
    world, damaged = episode.world, episode.days
    first = min(damaged)
    known = {day: profile for day, profile in world.bench.profiles.items() if day < first}
    bench = replace(world.bench, load=lambda day: damaged.get(day) or world.parts[day], profiles=known)
    rows, stops = [], []
    for day, tables in sorted(damaged.items()):
        found = bench.inspect(day, tables)
        if found.quarantined:
            stops.append(next(v.sentence for v in found.violations if v.stops))
            continue
        known[day] = found.profile
        accepted = found.own.accepted
        if DAMAGED not in accepted.columns or episode.lost or accepted[DAMAGED].any():
            rows.append(accepted.drop(DAMAGED, strict=False))
        else:
            stops.append(found.violations[0].sentence if found.violations else "no row of it was damaged")
    return rows, stops


def outcome(episode: Episode, ruler: Ruler, predict: Callable[[pd.DataFrame], Any]) -> Outcome:
    """The episode as life has it, night by night."""
    rows, stops = let_in(episode)
    nights = tuple(_nights(episode, rows, ruler, predict))
    world = episode.world.name
    return Outcome(world, episode.kind, episode.name, episode.round, len(episode.days), tuple(stops), len(rows), nights)


def _nights(
    episode: Episode, rows: list[pl.DataFrame], ruler: Ruler, predict: Callable[[pd.DataFrame], Any]
) -> Iterator[Night]:
    world = episode.world
    reference = plain(world.before(episode.index))
    earlier = None if episode.earlier is None else plain(episode.earlier)
    drawn = None if episode.answers is None else np.random.default_rng(episode.answers)
    days = [plain(day) for day in rows]
    if drawn is not None:
        days = [day.assign(**{world.ground.label: drawn.random(len(day)) < predict(day)}) for day in days]
    for after in _asked(episode.kind, len(days)):
        current = pd.concat(days[:after], ignore_index=True)
        case = case_of(world, ruler, predict, reference, current, earlier)
        of_labels = episode.kind in ("label shift", "concept shift") and after == len(days)
        if case.moved or of_labels:
            kind, evidence = explain(case)
            sentence = evidence[0].sentence if evidence else "no sign"
            doubted = doubts(case, kind) if kind in RETRAINED else ()
            sentences = tuple(doubt.sentence for doubt in doubted)
            yield Night(after, kind, sentence, kind in RETRAINED and not doubted, case.moved, sentences)


def _asked(kind: str, days: int) -> list[int]:
    """The nights that are looked at: of a fault each, of what takes its label to be seen the last."""
    first = {"data fault": days, "label shift": 0, "concept shift": 0}.get(kind, 2)
    return sorted({*range(1, min(first, days) + 1), days} - {0})


def case_of(
    world: World, ruler: Ruler, predict: Any, reference: pd.DataFrame, current: pd.DataFrame, earlier: Any = None
) -> Case:
    """What a diagnosis looks at."""
    moved = tuple(c for c in world.inputs if ruler.strength(c, reference, current) >= 1.0)
    moved += tuple(
        c for c in world.inputs if c not in moved and current[c].isna().mean() > reference[c].isna().mean() + 0.1
    )
    ground = world.ground
    return Case(
        reference, current, moved, ruler.strength, ground.event_time, world.inputs, ground.label, world.tables,
        earlier, predict,
    )  # fmt: skip


def of_world(task: tuple[str, Sequence[int]]) -> list[Outcome]:
    """The episodes of one world in some rounds."""
    name, rounds = task
    world = all_worlds()[name]()
    ruler, predict = Ruler.of(world), champion(world)
    found = []
    for n, episode in enumerate(episodes(world, rounds)):
        found.append(outcome(episode, ruler, predict))
        if n % 20 == 0:
            print(f"{name}: {n} episodes", file=sys.stderr, flush=True)
    return found


def main(words: Sequence[str] | None = None) -> None:
    """Run the rounds over the worlds, tell of each, and draw the matrix when nothing was left out."""
    options = argparse.ArgumentParser(description="How often a diagnosis is right.")
    options.add_argument("--round", action="append", type=int, help="only this round (may be given again)")
    options.add_argument("--world", action="append", default=[], help="only this world (may be given again)")
    options.add_argument("--jobs", type=int, default=2, help="worlds at a time")
    said = options.parse_args(words)
    names, rounds = said.world or list(all_worlds()), said.round or ROUNDS
    # the flights take as long as all others together
    tasks = [(n, (r,)) for n in names if n == "flights" for r in rounds]
    tasks += [(n, tuple(rounds)) for n in names if n != "flights"]
    with ProcessPoolExecutor(said.jobs, get_context("spawn")) as pool:
        found = [one for part in pool.map(of_world, tasks) for one in part]
    report(found)
    if not said.world and set(rounds) == set(ROUNDS):
        draw(found)


def report(found: Sequence[Outcome]) -> None:
    """The confusion matrix, by cause; what was missed; the figures."""
    seen = [one for one in found if one.nights]
    counts = Counter((one.cause, one.answer) for one in seen)
    print(f"{'cause':<18}" + "".join(f"{k:>17}" for k in KINDS))
    for cause in KINDS:
        print(f"{cause:<18}" + "".join(f"{counts[cause, other]:>17}" for other in KINDS))
    for one in seen:
        if one.answer != one.cause or (one.cause == "data fault" and one.retrained):
            last = one.nights[-1]
            what = "; ".join((last.sentence, *last.doubts))
            told = f"{one.world} round {one.round}: {one.cause} ({one.name})"
            print(f"  {told} taken for {one.answer}{', RETRAINED' if one.retrained else ''}: {what}")
    print(json.dumps(figures(found)))


def figures(found: Sequence[Outcome]) -> dict[str, Any]:
    """What is published: of the episodes that reached a diagnosis, and of those that did not."""
    seen = [one for one in found if one.nights]
    held = [one for one in seen if one.round in HELD]
    faults = [one for one in seen if one.cause == "data fault"]
    lasting = [one for one in seen if one.cause in RETRAINED and one.let_in > 1]
    nights = [one.retrained for one in lasting if one.retrained]
    stopped = [one for one in found if not one.let_in]
    return {
        "injected": len(found),
        "episodes": len(seen),
        "accuracy": _accuracy(seen),
        "episodes_held": len(held),
        "accuracy_held": _accuracy(held),
        "faults": len(faults),
        "faults_retrained": sum(one.retrained is not None for one in faults),
        "faults_named": sum(one.answer == "data fault" for one in faults),
        "stopped_by_contract": sum(one.cause == "data fault" for one in stopped),
        "others_stopped": sum(one.cause != "data fault" for one in stopped),
        "no_alarm": sum(bool(one.let_in) and not one.nights for one in found),
        "shifts_lasting": len(lasting),
        "shifts_retrained": len(nights),
        "by_cause": {kind: _accuracy([one for one in seen if one.cause == kind]) for kind in KINDS},
        "covariate": {
            "lasting": sum(one.cause == "covariate shift" for one in lasting),
            "retrained": sum(one.cause == "covariate shift" and one.retrained is not None for one in lasting),
            "first_nights": dict(Counter(str(one.retrained) for one in lasting if one.cause == "covariate shift")),
        },
    }


def _accuracy(seen: Sequence[Outcome]) -> float | None:
    return round(sum(one.cause == one.answer for one in seen) / len(seen), 4) if seen else None


def draw(found: Sequence[Outcome]) -> None:
    """The confusion matrix as a picture for the docs: each row is a cause, its shares by diagnosis."""
    from matplotlib.figure import Figure

    seen = [one for one in found if one.nights]
    known = Counter((one.cause, one.answer) for one in seen)
    counts = np.array([[known[cause, other] for other in KINDS] for cause in KINDS], dtype=float)
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
    stopped = sum(not one.let_in for one in found)
    title = f"{len(seen)} injected episodes that alarmed; {stopped} more were stopped by the contract"
    figure.suptitle(title, x=0.01, ha="left", fontsize=11)
    figure.savefig(PAGE, metadata={"Software": None})


if __name__ == "__main__":
    main()
