from dataclasses import replace
from datetime import date, timedelta

import pytest

from ml.days import Span
from ml.nightwatch.history import History
from tests.tiny import FIRST, LAST


def test_days_are_summed_up_in_order(watched) -> None:
    history = History.of(watched())
    days = history.summed(history.batches(Span(FIRST, FIRST + timedelta(days=4))))
    assert [day.day for day in days] == [FIRST + timedelta(days=n) for n in range(5)]
    assert all(day.columns["weight"].there == 60 for day in days)


def test_a_day_shows_as_many_rows_as_the_sample_allows(watched) -> None:
    run = watched()
    drift = run.pipeline.drift.model_copy(update={"sample": 320})
    history = History.of(replace(run, pipeline=run.pipeline.model_copy(update={"drift": drift})))
    assert history.most == 45
    assert history.rows(history.batches(Span(LAST, LAST))[0]).height == 45


@pytest.mark.integration
def test_the_champion_is_the_one_from_before_the_night(walked) -> None:
    from ml.detectors import Champion

    run = walked.run("tiny", date(2013, 6, 2))
    drift = run.pipeline.drift.model_copy(update={"detectors": (Champion(),)})
    seen = replace(run, pipeline=run.pipeline.model_copy(update={"drift": drift}))
    history = History.of(seen)
    scores = history.replay.place.predict(history.rows(history.batches(Span(FIRST, LAST))[0]))
    assert scores.shape == (60,)
    assert ((scores > 0) & (scores < 1)).all()
    assert History.of(replace(seen, day=date(2013, 6, 1))).replay.place.predict is None
