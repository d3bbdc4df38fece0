"""Thirty bad models of real flights on the real path to Production, and as many good ones as time allows.

    .venv/bin/python -m studies.bad_models [--only NAME …] [--good N] [--keep FOLDER]

Each is fitted on five weeks of 2013 (or damaged after the fit), saved in an MLflow registry on SQLite, judged on the
week that follows beside a champion that is a week older, asked by the gates of ``config/pipelines/flight_delays.yaml``
and three more of the roster, and, if none objects, refitted and checked. None has features of the past. It counts as
stopped when an objection holds the word that names its cause. Good ones are the plain recipe in other weeks, with other
seeds: how many of them are stopped is what the gates cost. With ``--keep`` each answer is kept in FOLDER, and a second
call goes on where the first one ended. Ends with one JSON line.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
import polars as pl

from ml import evaluation, figures, fresh_process, importances, looks, refits, training
from ml.config import PipelineConfig
from ml.errors import TrainingError
from ml.evaluation import Champion
from ml.gates import Fairness, Stability
from ml.gates.trial import Surroundings
from ml.metrics import Task
from ml.records import Batch, Evaluation, Role
from ml.registry import Registry
from studies import flights

ROOT = Path(__file__).parents[1]
DAY = date(2013, 7, 21)
BY_HEART: dict[str, Any] = {"max_leaf_nodes": None, "min_samples_leaf": 1, "early_stopping": False, "random_state": 0}
WEEKS, HOLDOUT = 5, 7
# what is wrong with a bad model is hidden: it comes under the name of the recipe that serves
RECIPE = "plain"
TASK: Task = "classification"

Told = Callable[[str], None]


def _as_it_is(x: Any) -> Any:
    return x


@dataclass(frozen=True)
class Stopped:
    """A bad model: whether an objection that names its cause stopped it, and that objection (else the first one)."""

    name: str
    stopped: bool
    objection: str


@dataclass(frozen=True)
class Case:
    """A challenger on its way: its rows, the champion, what is known around them, and how it is refitted.

    ``tamper`` changes the folder of the saved model.
    """

    plan: PipelineConfig
    older: pd.DataFrame
    newest: pd.DataFrame
    challenger: Any
    champion: Any
    due: date
    batches: tuple[Batch, ...] = ()
    refit: Callable[["Case"], Any] = lambda case: training.fit(case.plan.model, case.rows)
    tamper: Callable[[Path], None] = _as_it_is

    @property
    def rows(self) -> pd.DataFrame:
        return pd.concat([self.older, self.newest])

    def fitted(self, rows: pd.DataFrame | None = None, **model: Any) -> "Case":
        """With a challenger fitted on other rows, or by another recipe."""
        plan = self.plan.model_copy(update={"model": self.plan.model.model_copy(update=model)})
        older = self.older if rows is None else rows
        return replace(self, plan=plan, older=older, challenger=training.fit(plan.model, older))


@cache
def year() -> pd.DataFrame:
    """The labelled flights of 2013 with the delay that the label comes from, oldest first."""
    delays = flights.published("flights").select(
        "carrier", "flight", "origin", "arr_delay", sched_dep=pl.datetime("year", "month", "day", "hour", "minute")
    )
    keys = ["sched_dep", "carrier", "flight", "origin"]
    rows = flights.frame().join(delays.with_columns(pl.col("sched_dep").cast(pl.Datetime("us"))), on=keys, how="left")
    known = rows.filter(pl.col("late").is_not_null()).sort("sched_dep").to_pandas()
    return known.assign(late=known["late"].astype("int64"))


def evening(day: date = DAY, seed: int = 0) -> Case:
    """A good challenger after ``day``: five weeks before the held-out week, and a champion that is a week older."""
    plan = flights.plain()
    plan = plan.model_copy(
        update={
            "model": plan.model.model_copy(update={"seed": seed}),
            "gates": (*plan.gates, Stability(), Fairness(attributes=("origin",))),
        }
    )
    rows, end = year(), pd.Timestamp(day) + pd.Timedelta(days=1)
    cut, week = end - pd.Timedelta(days=HOLDOUT), pd.Timedelta(days=7)
    times = rows["sched_dep"]
    older = rows[(times >= cut - WEEKS * week) & (times < cut)]
    before = rows[(times >= cut - (WEEKS + 1) * week) & (times < cut - week)]
    return Case(
        plan=plan,
        older=older,
        newest=rows[(times >= cut) & (times < end)],
        challenger=training.fit(plan.model, older),
        champion=training.fit(flights.plain().model, before),
        due=day,
        batches=tuple(_batches(older, day)),
    )


def _batches(older: pd.DataFrame, day: date) -> Iterator[Batch]:
    counts = older["sched_dep"].dt.date.value_counts()
    for when, rows in counts.sort_index().items():
        yield Batch(pipeline="flight_delays", day=when, rows=int(rows), uri="", fingerprint="", state="accepted")


@dataclass(frozen=True)
class Way:
    """The way to Production: a registry to save in, and the champion that is saved there already."""

    registry: Registry
    folder: Path
    asked: dict[Any, Any] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def made(cls) -> Iterator["Way"]:
        """A registry of its own for one study; what is only looked at is left out."""
        with (
            TemporaryDirectory(ignore_cleanup_errors=True) as folder,
            patch.object(figures, "of_evaluation", lambda *_: {}),
            patch.object(importances, "importances", lambda *_: ()),
        ):
            yield cls(Registry(f"sqlite:///{Path(folder) / 'mlflow.db'}"), Path(folder))

    def objections(self, case: Case) -> list[str]:
        """Everything that is said against a challenger, by whoever says it first: the trainer, the gates, the refit.

        The refits of one challenger share what the gates said of it.
        """
        parts = (case.challenger, case.older, case.newest, case.batches, case.tamper, case.plan)
        same = case.due, *(id(part) for part in parts)
        if same not in self.asked:
            self.asked[same] = case, self._gates(case)  # an id is one only while its object is kept
        return self.asked[same][1] or self._refit(case)

    def _gates(self, case: Case) -> list[str]:
        first = case.older[case.plan.source.event_time].min().date()
        try:
            uris: dict[Role, str] = {
                "challenger": self._saved(case, case.challenger),
                "champion": self._saved(case, case.champion),
            }
            judged = evaluation.judge(
                case.plan,
                case.older,
                case.newest,
                challenger=self.registry.load_model(uris["challenger"]),
                champion=Champion(1, case.champion, first, lambda: case.older, RECIPE, 7 * WEEKS),
                recipe=RECIPE,
                around=Surroundings(case.due, case.batches, lambda requests: self._serve(case, uris, requests)),
            )
        except TrainingError as error:
            return [str(error)]
        record = self._record(case, judged)
        found = [gate.finding(record) for gate in case.plan.gates]
        return [one.sentence for one in found if not one.passed]

    def _refit(self, case: Case) -> list[str]:
        model, limits = case.plan.model, case.plan.evaluation.refit
        found = refits.findings(model, limits, case.challenger, case.refit(case), case.newest)
        return [one.sentence for one in found if not one.passed]

    def _record(self, case: Case, judged: evaluation.Judged) -> Evaluation:
        times = case.newest[case.plan.source.event_time]
        tonight = Evaluation(
            pipeline=case.plan.name,
            day=case.due,
            run_id="",
            metric=case.plan.evaluation.metric,
            first=times.min().date(),
            last=times.max().date(),
            rows=len(case.newest),
            scores=judged.scores,
            slices=judged.slices,
            champion_version=judged.champion_version,
            measurements=judged.measurements,
            comparisons=judged.comparisons,
            procedure=RECIPE,
            champion_procedure=RECIPE,
        )
        return looks.with_looks(tonight, [], case.plan.evaluation.alpha)

    def _saved(self, case: Case, estimator: Any) -> str:
        key = f"{id(estimator)}"
        run_id = self.registry.training_run(case.plan.name, key, params={}, tags={})
        names = list(estimator.feature_names_in_)
        return self.registry.save_model(run_id, "judged", estimator, case.older[names].head(200), case.plan.name)

    def _serve(self, case: Case, uris: dict[Role, str], requests: pd.DataFrame) -> Any:
        with TemporaryDirectory(dir=self.folder) as place:
            folders: dict[Role, Path] = {
                role: self.registry.fetch_model(uri, Path(place) / role) for role, uri in uris.items()
            }
            case.tamper(folders["challenger"])
            return fresh_process.serve(TASK, folders, requests)


# ---- what is wrong with them


def leaky(case: Case) -> Case:
    """Visibility was overwritten with the delay, minutes after landing."""
    return _both(case, lambda rows: rows.assign(visib=rows["arr_delay"])).fitted()


def leaky_a_little(case: Case) -> Case:
    """The delay with so much noise that it does not tell the label alone."""
    noise = np.random.default_rng(0)
    return _both(case, lambda rows: rows.assign(visib=rows["arr_delay"] + noise.normal(0, 20, len(rows)))).fitted()


def leaky_text(case: Case) -> Case:
    """A text that says how it ended stands in the destination."""
    ended = {0: "on time", 1: "late"}
    return _both(case, lambda rows: rows.assign(carrier=rows["late"].map(ended))).fitted()


def shuffled(case: Case) -> Case:
    return case.fitted(case.older.assign(late=_shuffled(case.older["late"])))


def inverted(case: Case) -> Case:
    return case.fitted(case.older.assign(late=1 - case.older["late"]))


def other_threshold(case: Case) -> Case:
    """Late means more than zero minutes to the challenger, and more than fifteen to everybody else."""
    return case.fitted(case.older.assign(late=(case.older["arr_delay"] > 0).astype("int64")))


def higher_threshold(case: Case) -> Case:
    return case.fitted(case.older.assign(late=(case.older["arr_delay"] > 90).astype("int64")))


def stale(case: Case) -> Case:
    """The feed stopped three weeks ago and nobody noticed."""
    return replace(case, due=case.due + timedelta(days=21))


def quarantined(case: Case) -> Case:
    """A quarter of the window's days was set aside."""
    return replace(
        case,
        batches=tuple(
            b.model_copy(update={"state": "quarantined"}) if n % 4 == 0 else b for n, b in enumerate(case.batches)
        ),
    )


def refused_rows(case: Case) -> Case:
    """A third of each day's rows broke the contract."""
    return replace(case, batches=tuple(b.model_copy(update={"refused": b.rows // 2}) for b in case.batches))


def one_airport(case: Case) -> Case:
    return case.fitted(case.older[case.older["origin"] == "EWR"])


def mornings_only(case: Case) -> Case:
    return case.fitted(case.older[case.older["sched_dep"].dt.hour < 12])


def other_unit(case: Case) -> Case:
    """The rows that it was fitted on have inches of mercury, the newest have millibars."""
    return case.fitted(case.older.assign(pressure=case.older["pressure"] * 0.02953))


def celsius(case: Case) -> Case:
    return case.fitted(case.older.assign(temp=(case.older["temp"] - 32) / 1.8))


def renamed(case: Case) -> Case:
    """The largest carriers go by another name in the rows that it was fitted on."""
    names = {"UA": "United", "B6": "JetBlue", "EV": "Express"}
    return case.fitted(case.older.assign(carrier=case.older["carrier"].replace(names)))


def feature_new(case: Case) -> Case:
    more = _both(case, lambda rows: rows.assign(flight_number=rows["flight"].astype("float64")))
    return more.fitted(features=(*case.plan.model.features, "flight_number"))


def feature_gone(case: Case) -> Case:
    return case.fitted(features=tuple(f for f in case.plan.model.features if f != "humid"))


def constant(case: Case) -> Case:
    from sklearn.dummy import DummyClassifier

    return _instead(case, DummyClassifier())


def overfit(case: Case) -> Case:
    """Trees that know every row by heart."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return _instead(case, _columns(HistGradientBoostingClassifier(**BY_HEART, max_iter=40, learning_rate=0.5)))


def untrusted(case: Case) -> Case:
    """A step of somebody else's code, which skops would have to trust."""
    from sklearn.preprocessing import FunctionTransformer

    return _instead(case, _columns(FunctionTransformer(_as_it_is), case.challenger[-1]))


def seed_made(case: Case) -> Case:
    """Few trees on random columns: the seed decides what it says."""
    return case.fitted(estimator="studies.bad_models:coin")


def coin(seed: int) -> Any:
    """Few trees that may split on one column in twenty, unfitted."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    trees = HistGradientBoostingClassifier(max_iter=3, learning_rate=1.0, max_features=0.05, random_state=seed)
    return _columns(trees)


def slow(case: Case) -> Case:
    """Twelve copies of the model that vote."""
    return replace(case, challenger=_voting([case.challenger] * 12))


def huge(case: Case) -> Case:
    """Somebody left a table of sixty megabytes in the model."""
    found = deepcopy(case.challenger)
    found[-1].seen_ = np.random.default_rng(0).random(7_500_000)
    return replace(case, challenger=found)


def other_libraries(case: Case) -> Case:
    """Fitted elsewhere, with another scikit-learn."""

    def tamper(folder: Path) -> None:
        (folder / "requirements.txt").write_text("scikit-learn==1.2.0\n")

    return replace(case, tamper=tamper)


def pickled(case: Case) -> Case:
    """What lies in the registry is a pickle under the name of a skops file."""
    return replace(case, tamper=_exchange_with_a_pickle)


def _exchange_with_a_pickle(folder: Path) -> None:
    import pickle

    (path,) = folder.glob("*.skops")
    path.write_bytes(pickle.dumps({"a": "model"}))


def exchanged(case: Case) -> Case:
    """The file in the registry is another model than the one that was judged."""
    other = _moved(case.challenger, lambda values: values * 0.5)

    def tamper(folder: Path) -> None:
        from skops import io

        (path,) = folder.glob("*.skops")
        io.dump(other, path)

    return replace(case, tamper=tamper)


def nan_on_one_airport(case: Case) -> Case:
    return _stumped(case, "origin", "JFK", float("nan"))


def broken_carrier(case: Case) -> Case:
    return _stumped(case, "carrier", "DL", 2.5)


def broken_evenings(case: Case) -> Case:
    """From eight in the evening on it says the opposite of what the hour makes likely."""
    return _stumped(case, "hour", 20, -2.5)


def too_high(case: Case) -> Case:
    return _shifted(case, 1.2)


def too_low(case: Case) -> Case:
    return _shifted(case, -1.5)


def sharpened(case: Case) -> Case:
    return replace(case, challenger=_moved(case.challenger, lambda values: values * 3))


def clipped(case: Case) -> Case:
    return replace(case, challenger=_moved(case.challenger, lambda values: values * 0.15))


def refit_shuffled(case: Case) -> Case:
    return replace(case, refit=lambda c: training.fit(c.plan.model, c.rows.assign(late=_shuffled(c.rows["late"]))))


def refit_inverted(case: Case) -> Case:
    return replace(case, refit=lambda c: training.fit(c.plan.model, c.rows.assign(late=1 - c.rows["late"])))


def refit_nan(case: Case) -> Case:
    return replace(case, refit=lambda c: _stumped(c, "origin", "LGA", float("nan")).challenger)


def refit_constant(case: Case) -> Case:
    from sklearn.dummy import DummyClassifier

    def fit(case: Case) -> Any:
        rows = case.rows
        return training.fitted(DummyClassifier(), rows[list(case.plan.model.features)], rows["late"].to_numpy())

    return replace(case, refit=fit)


def refit_high(case: Case) -> Case:
    return replace(case, refit=lambda c: _shifted(c, 1.0).challenger)


# the words name the cause; one of the objections must hold all of them
BAD: dict[str, tuple[Callable[[Case], Case], tuple[str, ...]]] = {
    "a feature is the outcome": (leaky, ("leak", "visib")),
    "a feature is the outcome, with noise": (leaky_a_little, ("leak", "visib")),
    "a text is the outcome": (leaky_text, ("leak", "carrier")),
    "shuffled labels": (shuffled, ("roc_auc",)),
    "inverted labels": (inverted, ("wrong way round",)),
    "late means more than 0 minutes": (other_threshold, ("too high",)),
    "late means more than 90 minutes": (higher_threshold, ("too low",)),
    "stale snapshot": (stale, ("stale",)),
    "a quarter of the days in quarantine": (quarantined, ("set aside",)),
    "a third of the rows refused": (refused_rows, ("set aside",)),
    "fitted on one airport": (one_airport, ("origin", "never fitted on")),
    "fitted on mornings": (mornings_only, ("sched_dep", "never fitted on")),
    "pressure in inches of mercury": (other_unit, ("pressure", "never fitted on")),
    "temperature in °C": (celsius, ("temp", "never fitted on")),
    "carriers renamed": (renamed, ("carrier", "never fitted on")),
    "one more input": (feature_new, ("inputs", "flight_number is new")),
    "one input less": (feature_gone, ("inputs", "humid is gone")),
    "a constant": (constant, ("same for all rows",)),
    "overfit": (overfit, ("too extreme",)),
    "untrusted type": (untrusted, ("not trusted",)),
    "a pickle": (pickled, ("file is damaged",)),
    "another file than was judged": (exchanged, ("away from what it said here",)),
    "other libraries": (other_libraries, ("other libraries", "scikit-learn==1.2.0")),
    "made by its seed": (seed_made, ("another seed",)),
    "12 times slower": (slow, ("times the champion's", "ms")),
    "huge file": (huge, ("MB on disk",)),
    "no number at one airport": (nan_on_one_airport, ("not finite", "origin JFK")),
    "one carrier broken": (broken_carrier, ("carrier DL",)),
    "evenings broken": (broken_evenings, ("sched_dep from 20 to 24",)),
    "probabilities too high": (too_high, ("too high",)),
    "probabilities too low": (too_low, ("too low",)),
    "probabilities sharpened": (sharpened, ("too extreme",)),
    "probabilities pressed together": (clipped, ("too timid",)),
    "refit on shuffled labels": (refit_shuffled, ("refitted", "had not seen them")),
    "refit on inverted labels": (refit_inverted, ("refitted", "ranks")),
    "refit without numbers at one airport": (refit_nan, ("refitted", "not finite")),
    "refit is a constant": (refit_constant, ("refitted", "for all")),
    "refit too high": (refit_high, ("refitted", "off the labels")),
}


def _both(case: Case, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Case:
    return replace(case, older=change(case.older), newest=change(case.newest))


def _shuffled(labels: "pd.Series[Any]") -> Any:
    return labels.sample(frac=1, random_state=0).to_numpy()


def _columns(*last: Any) -> Any:
    """The owner's columns, and other steps after them."""
    from sklearn.pipeline import make_pipeline

    from ml.pipelines.flight_delays import estimator

    return make_pipeline(estimator(seed=0)[0], *last)


def _instead(case: Case, estimator: Any) -> Case:
    """Another estimator, fitted on the same rows."""
    x = case.older[list(case.plan.model.features)]
    return replace(case, challenger=training.fitted(estimator, x, case.older["late"].to_numpy()))


def _voting(models: Sequence[Any]) -> Any:
    from sklearn.ensemble import VotingClassifier
    from sklearn.preprocessing import LabelEncoder

    found = VotingClassifier([(f"m{n}", model) for n, model in enumerate(models)], voting="soft")
    found.estimators_, found.classes_ = list(models), models[0].classes_
    found.le_ = LabelEncoder().fit(models[0].classes_)
    found.feature_names_in_ = models[0].feature_names_in_
    return found


def _moved(pipeline: Any, change: Callable[[Any], Any]) -> Any:
    """The boosted trees with other values in their leaves."""
    found = deepcopy(pipeline)
    for (tree,) in found[-1]._predictors:
        tree.nodes["value"] = change(tree.nodes["value"])
    return found


def _shifted(case: Case, by: float) -> Case:
    """Every log-odds higher by so much."""
    found = deepcopy(case.challenger)
    found[-1]._baseline_prediction = found[-1]._baseline_prediction + by
    return replace(case, challenger=found)


def _stumped(case: Case, column: str, value: Any, by: float) -> Case:
    """With one more tree that adds ``by`` to the log-odds of the rows with a value, or from an hour on."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    found = deepcopy(case.challenger)
    features = list(case.plan.model.features)
    rows = case.older[features].head(20000)
    marked = rows["sched_dep"].dt.hour >= value if column == "hour" else rows[column] == value
    stump = HistGradientBoostingClassifier(
        max_iter=1, max_leaf_nodes=16, min_samples_leaf=20, early_stopping=False, learning_rate=1.0
    ).fit(found[0].transform(rows), marked.to_numpy())
    ((tree,),) = stump._predictors
    leaves = tree.nodes["is_leaf"] == 1
    values = tree.nodes["value"]
    chosen = leaves & (values > values[leaves].max() / 2)
    tree.nodes["value"] = np.where(chosen, by, 0.0)
    found[-1]._predictors.append([tree])
    return replace(case, challenger=found)


# ---- the study


@dataclass(frozen=True)
class Kept:
    """Answers by name, a file of JSON lines; without a folder they are kept only as long as the process lives."""

    path: Path | None = None
    known: dict[str, Stopped] = field(default_factory=dict)

    @classmethod
    def at(cls, folder: Path | None, name: str) -> "Kept":
        path = folder / f"{name}.jsonl" if folder else None
        lines = path.read_text().splitlines() if path and path.exists() else []
        return cls(path, {one.name: one for one in (Stopped(**json.loads(line)) for line in lines)})

    def answer(self, name: str, find: Callable[[], Stopped]) -> Stopped:
        """The kept answer, or the one that is found now and kept."""
        if name not in self.known:
            self.known[name] = find()
            if self.path:
                with self.path.open("a") as lines:
                    lines.write(json.dumps(asdict(self.known[name])) + "\n")
        return self.known[name]


def run(only: Sequence[str] = (), told: Told = lambda what: None, keep: Path | None = None) -> list[Stopped]:
    """Every bad model (or those of these names), and what was said against it. Pictures are not drawn."""
    kept, base = Kept.at(keep, "bad_models"), cache(evening)
    with Way.made() as way:
        names = [name for name in BAD if not only or name in only]
        return [kept.answer(name, partial(_tried, way, base, name, told)) for name in names]


def _tried(way: Way, base: Callable[[], Case], name: str, told: Told) -> Stopped:
    make, words = BAD[name]
    said = way.objections(make(base()))
    named = [one for one in said if all(word in one for word in words)]
    found = Stopped(name, bool(named), (named or said or ["nothing was said against it"])[0])
    told(f"{'stopped' if found.stopped else 'PASSED '} {name}: {found.objection}")
    return found


def good(count: int, told: Told = lambda what: None, keep: Path | None = None) -> list[Stopped]:
    """Plain challengers of other weeks and seeds: the same path, where every objection is one too many."""
    kept = Kept.at(keep, "good_models")
    with Way.made() as way:
        days = [date(2013, 3, 31) + timedelta(days=n * 266 // max(1, count - 1) // 7 * 7) for n in range(count)]
        return [kept.answer(f"{day}, seed {n}", partial(_unharmed, way, day, n, told)) for n, day in enumerate(days)]


def _unharmed(way: Way, day: date, seed: int, told: Told) -> Stopped:
    said = way.objections(evening(day, seed=seed))
    found = Stopped(f"{day}, seed {seed}", bool(said), "; ".join(said) or "nothing was said against it")
    told(f"{found.name}: {found.objection}")
    return found


def figures_of(bad: Sequence[Stopped], plain: Sequence[Stopped]) -> dict[str, Any]:
    """How many of each kind were stopped, which bad ones passed, and what was said against good ones."""
    return {
        "bad_models": len(bad),
        "bad_models_stopped": sum(one.stopped for one in bad),
        "passed": [one.name for one in bad if not one.stopped],
        "good_models": len(plain),
        "good_models_stopped": sum(one.stopped for one in plain),
        "good_objections": [one.objection for one in plain if one.stopped],
    }


def main(words: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", nargs="*", default=[], help="names of bad models")
    options.add_argument("--good", type=int, default=8, help="how many good models go the same way")
    options.add_argument("--keep", type=Path, help="a folder for answers, so that a second call goes on")
    chosen = options.parse_args(words)
    begun = monotonic()

    def told(what: str) -> None:
        print(f"{monotonic() - begun:6.0f} s  {what}", file=sys.stderr, flush=True)

    bad = run(chosen.only, told, chosen.keep)
    print(json.dumps(figures_of(bad, good(chosen.good, told, chosen.keep))))


if __name__ == "__main__":
    main()
