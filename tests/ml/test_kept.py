"""What the drift check keeps of a day, it keeps when the day is accepted."""

from dataclasses import replace
from datetime import date

import pytest

from ml import intake, steps
from ml.days import Span
from ml.errors import DataError
from ml.nightwatch.history import History
from tests.tiny import FIRST

pytestmark = pytest.mark.integration
DAY = date(2013, 6, 1)


@pytest.fixture
def accepted(workspace):
    run = workspace.run("tiny", DAY)
    steps.validate(run, steps.pull(run))
    return run


def lose(run) -> None:
    """The files of all accepted days, so that nobody can read them again."""
    for batch in run.workspace.ledger.batches(run.name, state="accepted"):
        run.workspace.lake.path(batch.uri).unlink(missing_ok=True)


def watching(run, **drift):
    plan = type(run.pipeline.drift).model_validate({**run.pipeline.drift.model_dump(mode="json"), **drift})
    return replace(run, pipeline=run.pipeline.model_copy(update={"drift": plan}))


def windows(run) -> Span:
    return Span.ending(run.day, run.pipeline.drift.reference + run.pipeline.drift.current)


def test_a_day_is_counted_when_it_is_accepted_and_never_read_for_that_again(accepted) -> None:
    history = History.of(accepted)
    days = history.batches(windows(accepted))
    lose(accepted)
    assert [day.day for day in history.summed(days)] == [day.day for day in days]


def test_days_that_no_check_looks_at_are_not_counted_unless_a_calibration_does(accepted) -> None:
    old = History.of(accepted).batches(Span(FIRST, FIRST))
    lose(accepted)
    with pytest.raises(DataError, match="not in the lake"):
        History.of(accepted).summed(old)
    calibrated = watching(accepted, false_alarms="1 per 30 days")
    again = [intake.check(calibrated, b) for b in accepted.workspace.ledger.pulls("tiny", Span(FIRST, FIRST))]
    lose(accepted)
    assert len(History.of(calibrated).summed([batch.as_seen for batch in again])) == 1


def test_of_many_rows_the_sample_is_drawn_when_the_day_is_accepted(accepted) -> None:
    few = watching(accepted, sample=1000, reference=40, min_rows=10)
    (came,) = accepted.workspace.ledger.pulls("tiny", Span(DAY, DAY))
    batch = intake.check(few, came).as_seen
    history = History.of(few)
    assert history.most < batch.rows
    read = accepted.workspace.lake.read([batch.uri])
    lose(accepted)
    assert history.rows(batch).equals(read[[place * batch.rows // history.most for place in range(history.most)]])
    assert len(history.summed([batch])) == 1
