import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import log_loss

from ml.config import load_pipeline
from ml.model_file import types_in
from ml.pipelines.flight_delays import MISSING, TEXTS, TIME, as_clock, as_floats, estimator
from ml.training import recipe
from studies.flights import WITHOUT_PAST, plain

pytestmark = pytest.mark.integration

YAML = Path(__file__).parents[3] / "config" / "pipelines" / "flight_delays.yaml"
PIPELINE = load_pipeline(YAML)
FEATURES = list(PIPELINE.model.features)
KNOWN_LATER = {"landed", "dep_time", "dep_delay", "arr_time", "arr_delay", "elapsed", "air_time"}


def flights(rows, seed=0):
    """Made-up flights with every feature; the later in the day, the likelier late."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(50, 20, (rows, len(FEATURES))), columns=FEATURES)
    frame["sched_dep"] = pd.Timestamp("2013-03-01 05:00") + pd.to_timedelta(rng.integers(0, 40 * 24 * 60, rows), "min")
    frame["carrier"] = rng.choice(["9E", "AA", "UA"], rows).astype(object)
    frame["origin"] = rng.choice(["EWR", "JFK", "LGA"], rows).astype(object)
    frame["dest"] = rng.choice(["ATL", "BOS", "LAX", "SEA"], rows).astype(object)
    late = (rng.random(rows) < frame["sched_dep"].dt.hour / 30).astype(int).to_numpy()
    return frame, late


@pytest.fixture(scope="module")
def fitted():
    frame, late = flights(3000)
    return estimator(seed=0).fit(frame, late)


def test_no_feature_is_known_only_after_departure():
    assert set(FEATURES) & KNOWN_LATER == set()


def test_nothing_but_the_label_and_when_it_came_is_computed_from_what_is_known_only_after_departure():
    selected = re.search(r"SELECT(.*?)\bFROM live\.", PIPELINE.source.query, re.DOTALL)[1]
    afterwards = "f.arr_time AS landed, f.arr_delay > 15 AS late"
    assert selected.count(afterwards) == 1
    words = set(re.findall(r"\w+", selected.replace(afterwards, "")))
    assert words & KNOWN_LATER == set()
    assert "*" not in selected


def test_every_feature_is_selected_and_in_the_contract():
    assert set(PIPELINE.carried) <= set(PIPELINE.contract.columns)
    assert set(FEATURES) - set(PIPELINE.carried) == set(PIPELINE.features.past)
    assert PIPELINE.afterwards == {"landed"}
    assert set(TIME + TEXTS) <= set(FEATURES)


def test_studies_and_benchmarks_take_it_without_features_of_the_past(tmp_path):
    path = tmp_path / "flight_delays.yaml"
    path.write_text(YAML.read_text().replace(*WITHOUT_PAST))
    assert load_pipeline(path).model == plain().model
    assert plain().model.features == PIPELINE.carried


def test_the_window_is_shorter_than_the_demos_year_so_that_no_champion_saw_the_held_out_rows():
    assert PIPELINE.window.train + PIPELINE.evaluation.holdout + 14 < 364


def test_clock_features_are_minute_of_the_day_and_weekday():
    moments = pd.DataFrame({"sched_dep": pd.to_datetime(["2013-01-01 05:15", "2013-01-06 23:59"])})
    assert as_clock(moments).tolist() == [[315, 1], [1439, 6]]


def test_what_is_no_finite_number_counts_as_missing():
    frame = pd.DataFrame({"temp": [1.5, np.nan, np.inf, -np.inf]})
    assert as_floats(frame)[:, 0].tolist() == [1.5, MISSING, MISSING, MISSING]


def test_it_learns_32_rows_by_heart_when_allowed_to():
    frame, _ = flights(32)
    late = np.arange(32) % 2
    free = {"min_samples_leaf": 1, "l2_regularization": 0.0}
    model = estimator(seed=0).set_params(**{f"histgradientboostingclassifier__{k}": v for k, v in free.items()})
    assert (model.fit(frame, late).predict(frame) == late).all()


def test_more_trees_fit_better_and_the_last_ones_hardly(fitted):
    frame, late = flights(3000)
    columns, trees = fitted[:-1], fitted[-1]
    losses = [log_loss(late, p) for p in trees.staged_predict_proba(columns.transform(frame))]
    assert losses == sorted(losses, reverse=True)
    assert losses[-2] - losses[-1] < 0.05 * (losses[0] - losses[1])


def test_it_finds_what_there_is_to_find(fitted):
    frame, late = flights(3000, seed=1)
    always_the_same = log_loss(late, np.full(len(late), late.mean()))
    assert log_loss(late, fitted.predict_proba(frame)) < always_the_same - 0.02


def test_extreme_and_missing_values_get_a_probability(fitted):
    numbers = [name for name in FEATURES if name not in TIME + TEXTS]
    for value in (np.nan, np.inf, -np.inf, 1e300, -1e300, 0.0):
        frame, _ = flights(5)
        frame[numbers] = value
        probabilities = fitted.predict_proba(frame)
        assert np.isfinite(probabilities).all()
        assert np.allclose(probabilities.sum(axis=1), 1)


def test_categories_that_were_never_seen_get_a_probability(fitted):
    frame, _ = flights(4)
    for name in TEXTS:
        frame[name] = pd.Series(["ZZ", "", None, np.nan], dtype=object)
    assert np.isfinite(fitted.predict_proba(frame)).all()


def test_a_column_without_any_value_does_no_harm():
    frame, late = flights(500)
    frame["wind_gust"] = np.nan
    frame["dest"] = None
    assert np.isfinite(estimator(seed=0).fit(frame, late).predict_proba(frame)).all()


def test_the_same_seed_gives_the_same_model(fitted):
    frame, late = flights(3000)
    assert (estimator(seed=0).fit(frame, late).predict_proba(frame) == fitted.predict_proba(frame)).all()


def test_it_can_be_kept_in_a_file_that_runs_no_code(fitted):
    assert "ml.pipelines.flight_delays.as_clock" in types_in(fitted)


def test_its_recipe_has_a_digest():
    assert recipe(PIPELINE.model) == recipe(PIPELINE.model)
