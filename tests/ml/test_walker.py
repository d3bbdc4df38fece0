"""Steps, as whoever walks a line calls them."""

from datetime import date

import pytest

from ml import lines, steps
from ml.errors import ConfigError, NoData
from ml.records import Decision
from ml.walker import InProcess, all_steps, drawing, has_inputs, perform, stored_inputs
from tests.verbs import NIGHTLY

DAY = date(2013, 6, 1)


def test_a_drawn_line_names_its_steps_in_order():
    assert [d.name for d in drawing(lines.nightly)] == NIGHTLY


def test_a_drawn_step_knows_whom_it_hears_from():
    assert all_steps()["decide"].inputs == ("validate", "detect", "diagnose", "mature")


def test_a_step_without_an_input_that_it_needs_is_not_called():
    assert not has_inputs(steps.train, (None,))


def test_an_optional_input_may_be_missing():
    decision = Decision(pipeline="tiny", day=DAY, retrain=False)
    assert not has_inputs(steps.decide, (None, None, None, None))
    assert has_inputs(steps.announce, (decision, object(), object(), None, None, None))


@pytest.mark.integration
def test_a_skipped_step_leaves_a_row_that_says_so(workspace):
    run = workspace.run("tiny", DAY)
    assert perform(run, steps.train, None) is None
    assert [(r.step, r.outcome) for r in workspace.ledger.step_rows("tiny", DAY)] == [("train", "skipped")]


@pytest.mark.integration
def test_a_step_can_be_done_again_from_the_ledger(workspace):
    run = workspace.run("tiny", DAY)
    batch = InProcess(run)(steps.pull)
    drawn, inputs = stored_inputs(run, "validate")
    assert drawn.step is steps.validate
    assert inputs == (batch,)


@pytest.mark.integration
def test_a_step_whose_input_was_not_done_says_what_to_do_first(workspace):
    with pytest.raises(NoData, match="validate needs the result of pull"):
        stored_inputs(workspace.run("tiny", DAY), "validate")


@pytest.mark.integration
def test_a_misspelt_step_gets_the_nearest_name(workspace):
    with pytest.raises(ConfigError, match="did you mean 'promote'"):
        stored_inputs(workspace.run("tiny", DAY), "promot")
