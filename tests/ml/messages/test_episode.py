"""One mail when drift begins, one if it doubles, one when it ends."""

from datetime import date

import pytest

from ml.episodes import Episode
from ml.messages import ended_alert, opened_alert, opened_key, worse_alert
from ml.messages.episode import _HEADLINES
from ml.records import Diagnosis, Sign

from .conftest import DAY, NASTY

EPISODE = Episode(date(2013, 1, 29), DAY, 3, ("temp", "humid", NASTY), 4.2, (1, 1.5), quiet=3)


def diagnosed(kind, *signs, action="retrain"):
    return Diagnosis(pipeline="flights", day=DAY, kind=kind, action=action, evidence=signs)


@pytest.mark.parametrize(("retrain", "said"), [(False, "waits for another night"), (True, "has started")])
def test_what_waits_says_why_and_how_to_go_on(report, decision, links, retrain, said):
    waits = diagnosed("covariate shift", action="mail").model_copy(update={"doubts": ("temp moved alone",)})
    decided = decision.model_copy(update={"retrain": retrain})
    text = " ".join(opened_alert(report, decided, waits, links).text.split())
    assert said in text
    assert ("nightshift retrain flights --reason" in text) is not retrain
    assert "temp moved alone" in text
    assert "learns from this day before it is, or two weeks are over" in text
    assert "nightshift quarantine release flights --day" in text


UNIT = Sign(kind="data fault", sign="unit", weight=0.9, sentence="temp is in Celsius", column="temp")
MIX = Sign(kind="mix", sign="one column", weight=0.6, sentence=f"only the shares of {NASTY} moved", column=NASTY)


@pytest.mark.parametrize("kind", _HEADLINES)
def test_each_diagnosis_has_a_headline_that_fits_and_names_what_moved(report, decision, links, kind):
    alert = opened_alert(report, decision, diagnosed(kind), links)
    assert _HEADLINES[kind] in alert.subject
    assert len(alert.subject) < 70


def test_the_first_line_says_what_happened_why_and_what_to_do(report, decision, links):
    held = decision.model_copy(update={"retrain": False})
    first = opened_alert(report, held, diagnosed("data fault", UNIT, action="quarantine"), links).text.split("\n\n")[0]
    first = " ".join(first.split())
    assert first.startswith("The rows of 2013-01-31 are no longer like those before them: gone,")
    assert "This looks like a data fault: temp is in Celsius." in first
    assert "No retrain has started." in first
    assert "`nightshift quarantine release flights --day 2013-01-31" in first


def test_a_retrain_that_started_is_said(report, decision, links):
    text = " ".join(opened_alert(report, decision, diagnosed("covariate shift"), links).text.split())
    assert "A retrain has started; its result comes in another mail." in text


def test_without_a_sign_the_mail_says_that_none_was_found(report, decision, links):
    assert "no sign of a broken feed" in " ".join(
        opened_alert(report, decision, diagnosed("covariate shift"), links).text.split()
    )


def test_all_signs_are_listed_where_there_are_several(report, decision, links):
    text = opened_alert(report, decision, diagnosed("data fault", UNIT, MIX), links).text
    assert "- data fault: temp is in Celsius" in text
    assert "- mix: only the shares of" in text


def test_what_held_a_retrain_back_is_said(report, decision, links):
    held = decision.model_copy(update={"retrain": False, "against": ("another one runs",)})
    assert "- another one runs" in opened_alert(report, held, None, links).text


def test_the_picture_comes_before_the_numbers(report, decision, links):
    html = opened_alert(report, decision, None, links, (("what_moved", "a.png"),)).html
    assert html.index("cid:what_moved") < html.index("threshold")


def test_names_from_upstream_run_nothing(report, decision, links):
    alerts = (
        opened_alert(report, decision, diagnosed("mix", MIX), links),
        worse_alert(report, EPISODE, diagnosed("mix", MIX), links),
        ended_alert(report, EPISODE, links),
    )
    assert all("<script" not in alert.html for alert in alerts)


def test_an_episode_that_grew_says_since_when_and_how_far(report, links):
    alert = worse_alert(report, EPISODE, None, links)
    assert alert.subject == "flights: the drift since 2013-01-29 has grown"
    assert "4.2 times of a threshold" in alert.text


def test_an_episode_that_ended_says_how_long_it_was(report, links):
    text = " ".join(ended_alert(report, EPISODE, links).text.split())
    assert "3 nights alarmed, the last of 2013-01-31, and the 3 after it were quiet" in text


def test_a_rerun_has_the_same_key(report, decision, links):
    assert opened_alert(report, decision, None, links).key == opened_key("flights", DAY)
