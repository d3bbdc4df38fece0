from datetime import date
from types import SimpleNamespace

import numpy
import pytest

from ml import evaluation, training
from ml.baselines import Rule, Simple
from ml.errors import TrainingError
from ml.features import FeaturePlan
from ml.gates import BeatsBaseline, BeatsChampion
from ml.records import Measurement

pytestmark = pytest.mark.integration


@pytest.fixture
def scene(model, table):
    """Forty days of rows of which the last five are held out, and a challenger fitted before them."""
    rows = table(rows=960)
    old = rows["at"] < "2013-02-05"
    plan = SimpleNamespace(
        model=model(),
        evaluation=SimpleNamespace(slices=("town",), metric="log_loss"),
        source=SimpleNamespace(event_time="at"),
        features=FeaturePlan(),
        gates=(),
    )
    return SimpleNamespace(
        pipeline=plan, rows=rows, older=rows[old], newest=rows[~old], challenger=training.fit(plan.model, rows[old])
    )


def judge(scene, champion=None, **changes):
    s = SimpleNamespace(**{**vars(scene), **changes})
    return evaluation.judge(s.pipeline, s.older, s.newest, challenger=s.challenger, champion=champion)


def champion(scene, fitted_to, estimator=None, rows=None):
    estimator = estimator or training.fit(scene.pipeline.model, scene.rows)
    return evaluation.Champion(3, estimator, fitted_to, lambda: scene.older if rows is None else rows)


def score(judged, role):
    return next(s for s in judged.scores if s.role == role)


def test_all_roles_are_scored_on_the_same_rows(scene):
    judged = judge(scene, champion(scene, date(2013, 1, 31), scene.challenger))
    assert [s.role for s in judged.scores] == ["challenger", "champion", "baseline"]
    assert score(judged, "champion").metrics == score(judged, "challenger").metrics
    assert score(judged, "champion").how == "as served"
    assert judged.champion_version == score(judged, "champion").version == 3


def test_a_champion_that_has_seen_the_held_out_days_is_judged_without_them(scene):
    knows_by_heart = champion(scene, date(2013, 2, 9))
    judged = judge(scene, knows_by_heart)
    assert score(judged, "champion").how == "refitted without the held-out days"
    assert score(judged, "champion").metrics == score(judged, "challenger").metrics
    served = training.predict("classification", knows_by_heart.estimator, scene.newest)
    assert ((served - scene.newest["late"]) ** 2).mean() < score(judged, "champion").metrics["brier"]


def test_the_first_held_out_day_itself_counts_as_seen(scene):
    assert score(judge(scene, champion(scene, date(2013, 2, 5))), "champion").how.startswith("refitted")
    assert score(judge(scene, champion(scene, date(2013, 2, 4))), "champion").how == "as served"


def test_without_a_champion_there_are_two_roles(scene):
    judged = judge(scene)
    assert [s.role for s in judged.scores] == ["challenger", "baseline"]
    assert judged.champion_version is None


def test_the_baseline_is_that_of_scikit_learn(scene):
    from sklearn.dummy import DummyClassifier
    from sklearn.metrics import log_loss

    dummy = DummyClassifier(strategy="prior").fit(scene.older[["size"]], scene.older["late"])
    expected = log_loss(scene.newest["late"], dummy.predict_proba(scene.newest[["size"]]))
    assert score(judge(scene), "baseline").metrics["log_loss"] == pytest.approx(expected)


def test_a_champion_whose_column_is_gone_stops_the_evaluation(scene):
    fitted = training.fit(
        scene.pipeline.model.model_copy(update={"features": ("size", "old")}), scene.older.assign(old=1.0)
    )
    with pytest.raises(TrainingError, match=r"the champion, version 3, cannot be scored \(as served\): .*columns old"):
        judge(scene, champion(scene, date(2013, 1, 31), fitted))


def test_a_champion_that_cannot_be_rebuilt_stops_the_evaluation(scene):
    with pytest.raises(TrainingError, match=r"version 3, cannot be scored .refitted without .*none of the 0 rows"):
        judge(scene, champion(scene, date(2013, 2, 9), rows=scene.older.head(0)))


def test_a_slice_needs_a_hundred_rows_and_a_missing_value_is_one(scene):
    newest = scene.newest.assign(town=[None] * 100 + ["few"] * (len(scene.newest) - 100))
    towns = {(s.value, s.rows) for s in judge(scene, newest=newest.head(120)).slices}
    assert towns == {("missing", 100)}


def test_a_slice_of_one_class_has_no_auc(scene):
    newest = scene.newest.assign(town=numpy.where(scene.newest["late"] == 1, "late", "fine"))
    newest = newest.loc[newest.index.repeat(4)]
    assert all("roc_auc" not in s.metrics for s in judge(scene, newest=newest).slices)


def test_a_slice_column_that_is_missing_is_named(scene):
    plan = SimpleNamespace(
        **{**vars(scene.pipeline), "evaluation": SimpleNamespace(slices=("twon",), metric="log_loss")}
    )
    with pytest.raises(TrainingError, match="columns twon are missing"):
        judge(scene, pipeline=plan)


def test_a_challenger_that_predicts_no_number_gets_nan(scene):
    nan = SimpleNamespace(
        feature_names_in_=["size"],
        classes_=[0, 1],
        predict_proba=lambda x: numpy.full((len(x), 2), numpy.nan),
    )
    judged = judge(scene, challenger=nan)
    assert numpy.isnan(score(judged, "challenger").metrics["log_loss"])
    assert judged.figures == {}


def test_a_regression_is_judged_too(scene, model):
    plan = SimpleNamespace(
        **{
            **vars(scene.pipeline),
            "model": model(task="regression", label="delay"),
            "evaluation": SimpleNamespace(slices=("town",), metric="rmse"),
        }
    )
    judged = judge(scene, pipeline=plan, challenger=training.fit(plan.model, scene.older))
    assert score(judged, "challenger").metrics["mae"] < score(judged, "baseline").metrics["mae"]


class Asking:
    """A gate that looks at everything a trial offers."""

    def measure(self, trial):
        again = trial.refit(7)
        moved = abs(training.predict("classification", again, trial.newest) - trial.predictions["challenger"]).mean()
        yield Measurement(gate="asking", name="prediction moved", value=moved, rows=len(trial.y))
        yield Measurement(gate="asking", name="days", value=len(set(trial.days)))


def test_gates_measure_what_they_ask_for_while_the_models_are_at_hand(scene):
    plan = SimpleNamespace(**{**vars(scene.pipeline), "gates": (Asking(),)})
    moved, days = judge(scene, pipeline=plan).measurements
    assert moved.rows == len(scene.newest)
    assert 0 < moved.value < 0.5
    assert days.value == 5


def test_what_challenger_and_champion_lean_on_is_told(scene):
    judged = judge(scene, champion(scene, date(2013, 1, 31), scene.challenger))
    leaned = {(each.role, each.feature): each.worse_by for each in judged.importances}
    assert leaned["champion", "size"] == leaned["challenger", "size"] > 0.1
    assert {"agreement.png", "importances.png"} <= set(judged.figures)


def test_a_model_that_predicts_no_number_leans_on_nothing(scene):
    nan = SimpleNamespace(
        classes_=[0, 1], feature_names_in_=["size"], predict_proba=lambda x: numpy.full((len(x), 2), numpy.nan)
    )
    assert judge(scene, challenger=nan).importances == ()


def test_the_challenger_is_compared_with_each_of_the_others_by_every_metric_that_is_asked_for(scene):
    plan = SimpleNamespace(**{**vars(scene.pipeline), "gates": (BeatsChampion(metric="roc_auc"),)})
    found = judge(scene, champion(scene, date(2013, 1, 31), scene.challenger), pipeline=plan).comparisons
    assert [(c.metric, c.basis) for c in found] == [
        ("log_loss", "as served"),
        ("log_loss", "constant"),
        ("roc_auc", "as served"),
        ("roc_auc", "constant"),
    ]
    equal, baseline = found[0], found[1]
    assert (equal.worse_by, equal.interval, equal.blocks, equal.version) == (0, (0, 0), 5, 3)
    assert baseline.interval[1] < 0


def test_a_difference_is_that_of_the_scores(scene):
    judged = judge(scene)
    both = [score(judged, role).metrics["log_loss"] for role in ("challenger", "baseline")]
    assert judged.comparisons[0].worse_by == pytest.approx(both[0] - both[1])


def test_another_recipe_is_also_compared_on_the_same_rows(scene, model):
    few = training.fit(model(features=("size",)), scene.rows)
    other = evaluation.Champion(3, few, date(2013, 2, 9), lambda: scene.older.tail(300), "one column", 40)
    judged = evaluation.judge(
        scene.pipeline, scene.older, scene.newest, challenger=scene.challenger, champion=other, recipe="three columns"
    )
    assert [c.basis for c in judged.comparisons] == ["own rows", "constant", "same rows"]
    own, same = (next(s for s in judged.scores if s.basis == basis) for basis in ("own rows", "same rows"))
    fitted = training.fit(model(features=("size",)), scene.older)
    again = training.predict("classification", fitted, scene.newest)
    assert same.metrics["brier"] == pytest.approx(((again - scene.newest["late"]) ** 2).mean())
    assert own.metrics != same.metrics


def test_the_same_recipe_is_not_fitted_a_third_time(scene):
    same = evaluation.Champion(3, scene.challenger, date(2013, 1, 31), lambda: scene.older, "r", 40)
    judged = evaluation.judge(
        scene.pipeline, scene.older, scene.newest, challenger=scene.challenger, champion=same, recipe="r"
    )
    assert "same rows" not in {c.basis for c in judged.comparisons}


def test_the_baselines_of_gates_are_judged_beside_the_constant(scene):
    rule = Rule(expr="size > 0.3")
    gates = (BeatsBaseline(), BeatsBaseline(against=rule), BeatsBaseline(against=Simple()))
    judged = judge(scene, pipeline=SimpleNamespace(**{**vars(scene.pipeline), "gates": gates}))
    losses = {s.basis: s.metrics["log_loss"] for s in judged.scores if s.role == "baseline"}
    assert list(losses) == ["constant", "rule size > 0.3", "simple"]
    assert losses["simple"] < losses["rule size > 0.3"] < losses["constant"]
    assert score(judged, "baseline").basis == "constant"


def test_a_challenger_that_predicts_no_number_is_compared_with_nobody(scene):
    nan = SimpleNamespace(
        feature_names_in_=["size"], classes_=[0, 1], predict_proba=lambda x: numpy.full((len(x), 2), numpy.nan)
    )
    assert judge(scene, challenger=nan).comparisons == ()
