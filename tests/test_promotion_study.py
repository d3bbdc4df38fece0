"""The study of promotions: it runs, and its years ask the gate what the platform asks it."""

import json
from datetime import date, timedelta

import numpy
import pytest

from ml.gates import BeatsChampion
from ml.looks import with_looks
from ml.records import Comparison, DayGap, Evaluation, Score
from studies import bad_models, promotion, retrains, years

WORST = {"interval": [0.0, 0.01]}
WORLD = years.WORLDS["days like their neighbours"]


def test_quick_ends_with_one_line_of_figures(capsys):
    promotion.main(["--quick"])
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["alpha"] == 0.05
    assert found["simulated"] == 200 * len(years.WORLDS)
    assert found["wrong_promotions"] / found["simulated"] <= found["alpha"]


def test_what_was_found_is_kept_whole_and_not_found_again(tmp_path):
    asked = []

    def find():
        asked.append(1)
        return {"wrong": 7}

    assert [promotion.kept(tmp_path, "years", find) for _ in range(2)] == [{"wrong": 7}] * 2
    assert len(asked) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["years.json"]
    assert promotion.kept(None, "years", find) == {"wrong": 7}


def night(values, number):
    """The evaluation of a night that holds out the seven days before it."""
    first = date(2013, 1, 1)
    held = [
        DayGap(day=first + timedelta(days=day), worse_by=values[day], rows=900) for day in range(number - 7, number)
    ]
    beside = Comparison(
        role="champion", how="as served", metric="log_loss", worse_by=0, interval=None, level=0.95, blocks=7,
        block_days=1, rows=6300, basis="as served", days=tuple(held),
    )  # fmt: skip
    return Evaluation(
        pipeline="p", day=held[-1].day, run_id="r", metric="log_loss", first=held[0].day, last=held[-1].day, rows=6300,
        scores=[Score(role=role, how="", metrics={"log_loss": 0.5}) for role in ("challenger", "champion")],
        champion_version=1, comparisons=(beside,), procedure="new", champion_procedure="old",
    )  # fmt: skip


@pytest.mark.parametrize("worse_by", [-0.005, 0.0, 0.002])
def test_a_year_of_the_study_is_a_year_of_the_gate(worse_by):
    """Night by night through the platform's own evaluation and gate, and at once by the study's arithmetic."""
    (values,) = years.days(WORLD, worse_by, 1, seed=3)
    past, passed = [], []
    for number in range(7, 204):
        tonight = with_looks(night(values, number), past, years.ALPHA)
        past.append(tonight)
        passed.append(BeatsChampion(margin=years.MARGIN).finding(tonight).passed)
    weekly = years.shown(values[None, :203], years.first_level())[0]
    assert passed[::7] == weekly.tolist()
    assert all(passed[7 * k : 7 * k + 7] == [week] * len(passed[7 * k : 7 * k + 7]) for k, week in enumerate(weekly))


def test_days_share_what_their_rows_do_not():
    found = years.days(WORLD, 0.01, 300, seed=1)
    assert found.mean() == pytest.approx(0.01, abs=2e-4)
    assert found.std() == pytest.approx(numpy.hypot(years.DAY_NOISE, years.ROW_NOISE / years.ROWS**0.5), rel=0.03)
    neighbours = numpy.corrcoef(found[:, :-1].ravel(), found[:, 1:].ravel())[0, 1]
    assert 0.2 < neighbours < 0.3


@pytest.mark.parametrize("world", years.WORLDS)
def test_every_world_is_worth_what_it_says(world):
    assert years.days(years.WORLDS[world], 0.0, 400, seed=2).mean() == pytest.approx(0, abs=2e-4)


def test_what_is_better_is_let_in_sooner():
    waits = [years.nights_until(size, 200)["nights, half of them"] for size in (-0.01, -0.005, -0.002)]
    assert waits == sorted(waits)
    assert years.nights_until(0.002, 200)["nights, half of them"] is None


def test_the_flights_are_served_by_what_the_gate_let_through():
    """On made-up predictions: a challenger that is far worse on every held-out day never serves."""

    class Made(retrains.Fits):
        day = numpy.repeat(numpy.arange(40), 50)
        late = (numpy.arange(2000) % 2).astype("int64")

        def _after(self, first, last, ahead):
            later = self.late[(self.day > last) & (self.day <= last + ahead)]
            noise = numpy.random.default_rng(last).normal(0, 0.02, len(later))
            sure = 0.8 if first == 2 else 0.55
            return numpy.clip(numpy.where(later == 1, sure, 1 - sure) + noise, 0.01, 0.99)

    gate = BeatsChampion(margin=0.002)
    lived = retrains.live(retrains.Plan(Made(), (12, 19, 26, 33), 10, gate))
    assert lived.refused == (date(2013, 1, 20), date(2013, 1, 27), date(2013, 2, 3))
    assert lived.gated == lived.never < lived.freshest
    assert lived.cost == lived.gated - lived.freshest


def test_one_line_has_the_years_the_flights_and_the_models(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(promotion, "of_years", lambda lived: {"by_world": {"w": {"gate": 3}}, "worst_world": WORST})
    costs = {"weekly, 48 weeks": 0.0, "weekly, 16 weeks": 0.0001, "nightly, 16 weeks": 0.0002}
    flights = {name: {"cost": cost} for name, cost in costs.items()}
    monkeypatch.setattr(promotion, "of_flights", lambda keep, whole_year: flights)
    answers = [bad_models.Stopped("a constant", True, "x"), bad_models.Stopped("stale snapshot", False, "")]
    monkeypatch.setattr(bad_models, "run", lambda keep: answers)
    monkeypatch.setattr(bad_models, "good", lambda count, keep: answers[1:])
    promotion.main(["--keep", str(tmp_path / "kept")])
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (found["wrong_promotions"], found["simulated"], found["gate_cost_log_loss"]) == (3, 2000, 0.0002)
    assert (found["bad_models"], found["bad_models_stopped"], found["passed"]) == (2, 1, ["stale snapshot"])
    assert (found["good_models"], found["good_models_stopped"]) == (1, 0)
