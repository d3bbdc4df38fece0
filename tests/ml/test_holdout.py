"""The newest labelled days, held out."""

from datetime import date, timedelta

import pytest

from ml import holdout
from ml.days import Span
from ml.errors import NoData, TrainingError
from ml.records import from_json

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 1)


def snapshot(place):
    return from_json(place.ledger.output("tiny", DAY, "snapshot"))


def candidate(place):
    return from_json(place.ledger.output("tiny", DAY, "train"))


def test_no_row_is_on_both_sides_of_the_cut(walked):
    parts = holdout.split(walked.run("tiny", DAY), snapshot(walked))
    assert parts.older["at"].max() < parts.newest["at"].min()
    assert (parts.days.first, parts.days.last) == (date(2013, 5, 27), date(2013, 5, 31))


def test_all_labelled_rows_are_on_one_side(walked):
    parts = holdout.split(walked.run("tiny", DAY), snapshot(walked))
    assert len(parts.older) + len(parts.newest) == snapshot(walked).rows


def test_a_snapshot_shorter_than_the_hold_out_says_so(walked):
    run = walked.run("tiny", DAY)
    plan = run.pipeline.evaluation.model_copy(update={"holdout": 60})
    longer = run.pipeline.model_copy(update={"evaluation": plan})
    with pytest.raises(NoData, match="0 labelled rows before the hold-out"):
        holdout.split(type(run)(longer, run.day, run.workspace), snapshot(walked))


def test_the_champion_comes_with_the_day_it_was_fitted_to(walked):
    champion = holdout.champion(walked.run("tiny", DAY), date(2013, 5, 29))
    assert (champion.version, champion.fitted_to) == (1, date(2013, 5, 31))
    assert champion.rows_before()["at"].max().date() == date(2013, 5, 28)
    assert champion.window_days == (snapshot(walked).last - snapshot(walked).first).days + 1


def test_a_night_before_the_window_of_the_champion_says_for_which_day_it_can_be_compared(walked):
    champion = holdout.champion(walked.run("tiny", DAY), date(2013, 5, 4))
    with pytest.raises(TrainingError) as refused:
        champion.rows_before()
    assert str(refused.value).startswith(
        "the held-out days begin on 2013-05-04, and version 1 was fitted on rows of 2013-05-04 to 2013-05-31: none from"
    )
    assert "Retrain for 2013-05-10 or a later day, or roll back first" in str(refused.value)


def test_the_day_that_it_names_is_the_first_that_can_be_compared(walked):
    delay, plan = timedelta(days=1), walked.run("tiny", DAY).pipeline.evaluation.holdout
    first = Span.ending(date(2013, 5, 10) - delay, plan).first
    assert not holdout.champion(walked.run("tiny", DAY), first).rows_before().empty


def test_the_champion_comes_with_its_recipe_so_that_the_next_night_knows_its_own(walked):
    champion = holdout.champion(walked.run("tiny", DAY), date(2013, 5, 29))
    assert champion.recipe == candidate(walked).recipe == holdout.procedure(candidate(walked), champion)


def test_a_window_that_is_clearly_shorter_is_another_procedure(walked):
    champion = holdout.champion(walked.run("tiny", DAY), date(2013, 5, 29))
    frozen = snapshot(walked)
    short = frozen.model_copy(update={"first": frozen.last - timedelta(days=9)})
    made = candidate(walked).model_copy(update={"snapshot": short})
    assert holdout.procedure(made, champion) == f"{made.recipe} on 10 days"
    assert holdout.procedure(made, None) == made.recipe
