from datetime import UTC, date, datetime

import pytest

from ml.messages import Links, question_alert, question_page, question_subject
from ml.records import Decision, Finding, Question, Reason, Score, Verdict
from tests.judged import judged

DAY = date(2013, 1, 31)
EVIL = "<b>|`x`"


@pytest.fixture
def asked():
    at = datetime(2026, 11, 26, 7, tzinfo=UTC)
    question = Question(
        pipeline="flights",
        day=DAY,
        run_id="r",
        version=8,
        champion_version=7,
        reasons=("it is not better than the champion", f"where town is {EVIL} it is worse"),
        users=("ada",),
        deadline=at.replace(hour=19),
        at=at,
    )
    scores = tuple(
        Score(role=role, how="as served", metrics={"log_loss": value})
        for role, value in (("challenger", 0.5), ("champion", 0.49), ("baseline", 0.6))
    )
    evaluation = judged(DAY, pipeline="flights", rows=900, scores=scores, champion_version=7)
    verdict = Verdict(
        pipeline="flights",
        day=DAY,
        run_id="r",
        passed=True,
        findings=(Finding(gate="at_least", passed=True, sentence="roc_auc 0.7 is at least 0.6"),),
    )
    decision = Decision(
        pipeline="flights", day=DAY, retrain=True, reasons=(Reason(kind="schedule", sentence="due every day"),)
    )
    return question, evaluation, verdict, decision, Links(mlflow="http://m/#/x", answer="http://a/dags/x")


def test_the_first_line_says_who_waits_why_a_person_and_until_when(asked):
    alert = question_alert(*asked)
    assert alert.subject == "flights: v8 waits for your approval"
    first = " ".join(alert.text.split("\n\n")[0].split())
    assert first.startswith("Version 8 passed every gate and is in Staging. Its log_loss on 900 held-out rows")
    assert "You are asked (1 more below) because it is not better than the champion." in first
    assert first.endswith(
        "by Thursday 26 November, 19:00 UTC; without an answer it is not promoted, and version 7 stays in Production."
    )
    assert (alert.kind, alert.key) == ("approval", "flights/2013-01-31/question/8")


def test_the_mail_leads_to_the_page_and_has_the_commands(asked):
    alert = question_alert(*asked)
    assert "Approve or reject in Airflow: http://a/dags/x" in alert.text
    assert 'nightshift approve flights --version 8 --why "..."' in alert.text
    assert 'href="http://a/dags/x"' in alert.html
    assert "<b>|" not in alert.html


def test_the_page_has_the_comparison_and_no_markup_from_data(asked):
    page = question_page(*asked)
    assert "| metric | challenger | champion | baseline |" in page
    assert "at\\_least: roc\\_auc 0.7 is at least 0.6" in page
    assert "nightshift approve" not in page
    assert "<b>" not in page.replace("\\<b\\>", "")
    assert question_subject(asked[0]) == "May version 8 of flights go into Production?"


def test_of_a_first_model_nothing_is_in_production(asked):
    question, *rest = asked
    alert = question_alert(
        question.model_copy(update={"champion_version": None, "reasons": ("it is the first",)}), *rest
    )
    assert "and nothing is in Production." in " ".join(alert.text.split())
    assert "You are asked because it is the first." in " ".join(alert.text.split())
