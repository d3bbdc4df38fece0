from dataclasses import replace
from datetime import date, timedelta

import pytest

from ml.days import Span
from ml.errors import DataError
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


def summed(run) -> list:
    history = History.of(run)
    days = history.summed(history.batches(Span(FIRST, FIRST + timedelta(days=4))))
    return [(day.day, {name: list(counts.counts) for name, counts in day.columns.items()}) for day in days]


def lose(run) -> None:
    """The files of all accepted days, so that nobody can count them again."""
    for batch in run.workspace.ledger.batches(run.name, state="accepted"):
        run.workspace.lake.path(batch.uri).unlink()


def changed(run, **drift):
    plan = run.pipeline.drift
    plan = type(plan).model_validate({**plan.model_dump(mode="json"), "false_alarms": "1 per 20 days", **drift})
    return replace(run, pipeline=run.pipeline.model_copy(update={"drift": plan}))


def test_a_day_is_counted_once_for_every_night_that_looks_at_it(watched) -> None:
    run = watched()
    first = summed(run)
    lose(run)
    assert summed(run) == summed(replace(run, day=LAST - timedelta(days=1))) == first


def test_thresholds_and_methods_change_nothing_that_was_counted_other_columns_do(watched) -> None:
    run = watched()
    first = summed(run)
    lose(run)
    weight, town = {"method": "psi", "kind": "numerical", "threshold": 0.3}, {"method": "hellinger"}
    assert summed(changed(run, columns={"weight": weight, "town": town}, reference=5, at_least=2)) == first
    with pytest.raises(DataError, match="is not in the lake"):
        summed(changed(run, columns={"weight": {"method": "psi", "kind": "categorical"}, "town": town}))
    with pytest.raises(DataError, match="is not in the lake"):
        summed(changed(run, detectors=[{"kind": "clock"}]))


def test_another_champion_is_asked_anew_and_nothing_else_is_counted(watched) -> None:
    run = changed(watched(), detectors=[{"kind": "missing"}, {"kind": "champion"}, {"kind": "clock"}])
    plain = History.of(run)
    batches = plain.batches(Span(FIRST, FIRST))

    def seen(champion: str | None, score: float):
        place = replace(plain.replay.place, predict=lambda rows: [score] * rows.height, champion=champion)
        (day,) = replace(plain, replay=replace(plain.replay, place=place)).summed(batches)
        assert set(day.detectors[0]) == {"weight", "town"}
        assert day.detectors[2].there == 60
        return list(day.detectors[1].values)

    assert seen("m-1", 0.25) == [0.25]
    assert seen("m-1", 0.5) == [0.25]
    assert seen("m-2", 0.5) == [0.5]
    assert (seen(None, 0.5), seen(None, 0.75)) == ([0.5], [0.75])


def test_how_far_the_counting_is_can_be_heard(watched) -> None:
    heard: list[str] = []
    summed(replace(watched(), told=heard.append))
    assert heard == [str(FIRST + timedelta(days=n)) for n in range(5)]


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
