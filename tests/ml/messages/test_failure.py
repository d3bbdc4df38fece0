"""The mail about a run that failed."""

from dataclasses import replace
from datetime import date

import pytest

from ml.messages import Broken, Failure, Links, failure_alert
from ml.records import RollbackRequest
from tests.ml.messages.conftest import DAY, NASTY


@pytest.fixture
def failure():
    down = Broken("pull", "the warehouse did not answer: connection refused", 6)
    return Failure("flights", DAY, "nightly", "scheduled__1", (down,), ("validate", "decide"))


def told(failure):
    return failure_alert(failure, Links())


def first_line(failure):
    return " ".join(told(failure).text.partition("\n\n")[0].split())


def test_the_first_line_says_what_failed_why_and_what_to_do(failure):
    assert first_line(failure) == (
        "The night of 2013-01-31 failed at pull, tried 6 times. No version is in Production yet. "
        "The reason: the warehouse did not answer: connection refused. "
        "Mend what the reason names, then clear pull on the run's page in Airflow: it goes on from there. "
        "If nobody does, the next night reads this day along with its own."
    )


def test_it_says_what_serves(failure, promotion):
    assert "Version 12 stays in Production and serves as before." in first_line(replace(failure, serving=promotion))
    own = replace(failure, line="retrain", broken=(Broken("announce", "x"),), serving=promotion, promoted=True)
    assert "Before that it had put version 12 into Production" in first_line(own)


def test_a_step_that_left_no_word_is_said_to_have_died(failure):
    assert "its process died or never began" in first_line(replace(failure, broken=(Broken("train"),)))


def test_all_that_failed_and_all_that_was_not_done_is_told(failure):
    text = told(replace(failure, broken=(*failure.broken, Broken("request_retrain", "no asset")))).text
    assert "- request_retrain: no asset." in text
    assert "- validate, decide" in text


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("nightly", "nightly flights --day 2013-01-31"),
        ("retrain", "retrain flights --day 2013-01-31"),
        ("rollback", 'rollback flights --why "…"'),
        ("reconcile", "reconcile"),
        ("housekeeping", "housekeeping flights --dry-run"),
    ],
)
def test_the_command_of_its_line_is_there_to_copy(failure, line, command):
    assert f"nightshift {command}" in told(replace(failure, line=line)).text


def test_a_rollback_is_told_with_who_wanted_what(failure, promotion):
    asked = RollbackRequest(pipeline="flights", day=DAY, to=9, why="late", by="ada")
    failed = (Broken("rollback", "flights has no version 9 in MLflow"),)
    rollback = replace(failure, line="rollback", broken=failed, serving=promotion, asked=asked)
    assert told(rollback).subject == "flights: the rollback failed at rollback"
    assert first_line(rollback).startswith(
        "The rollback to version 9 that ada asked for failed at rollback. Version 12 stays in Production and serves as "
        "before. The reason: flights has no version 9 in MLflow."
    )
    earlier = replace(rollback, asked=asked.model_copy(update={"to": None}))
    assert first_line(earlier).startswith("The rollback that ada asked for failed")


def test_what_starts_itself_again_while_a_change_stays_is_one_mail_a_day(failure):
    first, second = (replace(failure, line="reconcile", run_id=f"asset__{n}") for n in range(2))
    assert told(first).key == told(second).key
    assert told(first).key != told(replace(second, day=date(2013, 2, 1))).key


def test_the_subject_is_short_also_with_the_longest_names(failure):
    assert told(failure).subject == "flights: the night of 2013-01-31 failed at pull"
    long = replace(failure, pipeline="p" * 41, line="retrain", broken=(Broken("request_retrain"), Broken("deliver")))
    assert len(told(long).subject) < 70


def test_the_same_run_failing_there_again_is_no_second_mail(failure):
    again = replace(failure, broken=(Broken("pull", "another sentence"),))
    others = (replace(failure, run_id="manual__2"), replace(failure, broken=(Broken("detect"),)))
    others += (replace(failure, line="retrain"), replace(failure, day=date(2013, 2, 1)))
    assert told(failure).key == told(again).key
    assert len({told(it).key for it in (failure, *others)}) == 5


def test_what_upstream_wrote_is_escaped(failure):
    assert "<script" not in told(replace(failure, broken=(Broken("pull", NASTY),))).html
