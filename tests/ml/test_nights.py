"""Nights as the ledger tells them."""

import pytest

from ml import nights
from tests.verbs import NIGHTLY, RETRAIN

pytestmark = pytest.mark.integration


def test_a_night_tells_every_stage(walked):
    night = nights.newest(walked.ledger, "tiny")
    # both lines end with deliver: of a step that was done again, the last time counts
    assert [s.step for s in night.steps] == [*NIGHTLY[:-1], *RETRAIN]
    assert night.promotion.version == 1


def test_its_last_line_says_what_is_in_production(walked):
    assert nights.newest(walked.ledger, "tiny").lines()[-1].strip() == "version 1 is in Production, the first"


def test_one_line_tells_decision_and_promotion(walked):
    line = nights.of(walked.ledger, "tiny")[0].line()
    assert line.startswith("2013-06-01  retrain, because")
    assert "version 1 is in Production" in line


def test_a_pipeline_without_nights_says_so(walked):
    assert nights.newest(walked.ledger, "other").lines() == ["other: no night yet"]


def test_a_failed_step_is_what_a_night_tells_first(workspace):
    from datetime import date

    with pytest.raises(RuntimeError), workspace.ledger.attempt("tiny", date(2013, 6, 2), "train"):
        raise RuntimeError("no more memory")
    assert "train failed: RuntimeError: no more memory" in nights.of(workspace.ledger, "tiny")[0].line()


def test_a_night_says_what_became_of_its_data(workspace, tiny):
    from datetime import date

    from ml import lines, quarantine
    from ml.walker import InProcess
    from tests.tiny import write_day

    run = workspace.run("tiny", date(2013, 6, 1))
    write_day(tiny.parent / "data", run.day, rows=5)
    lines.nightly(InProcess(run))
    assert nights.newest(workspace.ledger, "tiny").line().endswith("fewer than min_rows 20")
    quarantine.release(run, "ada", "a holiday")
    night = nights.newest(workspace.ledger, "tiny")
    assert "; its data is released by ada since 20" in night.line()
    assert night.as_json()["data"]["acts"][0]["why"] == "a holiday"


def test_a_day_of_which_only_the_next_was_scored_is_no_night_yet(workspace):
    """Where `score.at` is earlier in the day than the night."""
    from datetime import date

    for day, step in ((date(2013, 6, 2), "pull"), (date(2013, 6, 3), "look_ahead"), (date(2013, 6, 3), "score")):
        with workspace.ledger.attempt("tiny", day, step) as attempt:
            attempt.skipped("there was nothing to do")
    assert [night.day for night in nights.of(workspace.ledger, "tiny")] == [date(2013, 6, 2)]
    with workspace.ledger.attempt("tiny", date(2013, 6, 3), "pull") as attempt:
        attempt.skipped("there was nothing to do")
    assert [row.step for row in nights.newest(workspace.ledger, "tiny").steps] == ["look_ahead", "score", "pull"]
