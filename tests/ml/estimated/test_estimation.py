"""An estimate before the labels come: near them when it may be, unknown when it may not."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from ml.estimated import Terms, estimate, learn, replay

TERMS = Terms(level=0.9, rows=50)


def told(days, task="classification", metric="log_loss", delay=1, every=7):
    return list(replay("parcels", 3, task, metric, days, delay, TERMS, every))


@pytest.mark.parametrize("metric", ["log_loss", "roc_auc"])
def test_what_the_labels_say_later_lies_in_most_intervals_and_they_are_not_wide(year, metric):
    found = [(e, real) for e, real in told(year(), metric=metric) if e.state == "estimated"]
    assert len(found) > 80
    inside = [e.interval[0] <= real <= e.interval[1] for e, real in found]
    assert np.mean(inside) >= 0.9
    assert np.mean([e.interval[1] - e.interval[0] for e, _ in found]) < 8 * np.std([real for _, real in found])


def test_an_estimate_knows_nothing_of_labels_that_have_not_come(year):
    days = year()
    young = [*days[:-14], *(replace(day, labels=np.full(len(day.labels), np.nan)) for day in days[-14:])]
    early, late = (told(some, delay=14)[-14:] for some in (young, days))
    assert [e for e, _ in early] == [e for e, _ in late]
    assert [real for _, real in early] == [None] * 14


def test_harder_rows_are_seen_without_a_label(year):
    days = year()
    sure = days[-1].scores > 0.5
    harder = replace(
        days[-1], scores=days[-1].scores[sure], labels=days[-1].labels[sure], inputs=days[-1].inputs.filter(sure)
    )
    learned = learn("classification", "brier", days[:-1], TERMS)
    assert learned.value("brier", harder) > learned.value("brier", days[-1]) + 0.03


def test_it_is_blind_to_a_change_in_what_leads_to_the_label(year):
    days = year()
    turned = [*days[:-20], *(replace(day, labels=1 - day.labels) for day in days[-20:])]
    (now, real), (_, usual) = told(turned, delay=30)[-1], told(days, delay=30)[-1]
    assert now == told(days, delay=30)[-1][0]
    assert real > usual + 0.5


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda d: replace(d, inputs=d.inputs.with_columns(pl.col("size") * 2.54)), "of the rows lie outside what the"),
        (lambda d: replace(d, scores=d.scores[:9], labels=d.labels[:9], inputs=d.inputs[:9]), "9 rows on 2013-04-30 "),
        (lambda d: replace(d, day=d.day + timedelta(days=40)), "the newest labels are of 2013-04-29, 41 days before"),
        (lambda d: replace(d, scores=np.full(len(d.scores), np.nan)), "some of the 200 predictions of 2013-04-30 are "),
    ],
)
def test_where_nobody_can_say_it_is_unknown_and_says_why(year, change, why):
    days = year()
    known = [e for e, _ in told(days)]
    assert known[-1].state == "estimated"
    today = told([*days[:-1], change(days[-1])])[-1][0]
    assert (today.state, today.value, today.interval) == ("unknown", None, None)
    assert why in today.why


def test_with_too_few_labels_or_too_few_days_it_is_unknown(year):
    early = told(year(days=45))
    assert "fewer than 500 labels have come" in early[2][0].why
    assert "days have both an estimate and their labels; an interval at 0.9 needs 16" in early[10][0].why
    assert early[-1][0].state == "estimated"
    nobody = estimate("parcels", 3, "log_loss", None, year(days=1)[0], (), TERMS)
    assert nobody.state == "unknown"


def test_of_numbers_the_loss_is_foretold(year):
    days = year(days=70)
    rng = np.random.default_rng(1)
    numbers = []
    for d in days:
        size, hard = d.inputs["size"].to_numpy(), (d.inputs["town"] == "Bonn").to_numpy()
        numbers.append(replace(d, scores=size, labels=size + rng.normal(size=len(size)) * (1 + 3 * hard)))
    found = list(replay("parcels", 3, "regression", "mae", numbers, 1, TERMS, every=30))
    shown = [(e, real) for e, real in found if e.state == "estimated"]
    assert np.mean([e.interval[0] <= real <= e.interval[1] for e, real in shown]) >= 0.9
    near = numbers[-1].inputs["town"] == "Celle"
    easy = replace(
        numbers[-1],
        scores=numbers[-1].scores[near.to_numpy()],
        labels=numbers[-1].labels[near.to_numpy()],
        inputs=numbers[-1].inputs.filter(near),
    )
    assert learn("regression", "mae", numbers[:-1], TERMS).value("mae", easy) < 1.2
