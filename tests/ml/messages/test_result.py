"""The mail of the morning."""

import pytest

from ml.messages import result_alert
from ml.records import Finding


def opening(alert):
    return " ".join(alert.text.partition("\n\n")[0].split())


def test_a_promotion_is_good_news(decision, evaluation, passed, promotion, links):
    alert = result_alert(decision, evaluation, passed, promotion, links)
    assert alert.subject == "flights: v12 is in Production"
    assert opening(alert).startswith(
        "Version 12 replaced version 11 in Production. Its log_loss on 6,120 held-out rows"
    )
    assert "challenger 0.49312, champion 0.49671, baseline 0.5211." in opening(alert)
    assert "The reason for training it (1 more below): 2 of 4 columns drifted" in opening(alert)
    assert "There is nothing to do" in opening(alert)


def test_the_first_version_replaces_nobody(decision, evaluation, passed, promotion, links):
    first = promotion.model_copy(update={"previous": None})
    assert "Version 12 is the first in Production." in result_alert(decision, evaluation, passed, first, links).text


def test_a_refusal_says_what_stays_and_every_objection(decision, evaluation, refused, links):
    alert = result_alert(decision, evaluation, refused, None, links)
    assert alert.subject == "flights: challenger refused, v11 stays in Production"
    assert "The objection (1 more below): the challenger's log_loss is 0.51; at most 0.5 is allowed." in opening(alert)
    assert "- it is worse than the champion" in alert.text


def test_a_challenger_that_was_stopped_in_its_tryout_was_not_refused_by_gates(decision, evaluation, passed, links):
    found = Finding(gate="tryout", passed=False, sentence="on 900 rows of 6 days version 12 is worse")
    stopped = passed.model_copy(update={"passed": False, "objections": (found.sentence,), "findings": (found,)})
    alert = result_alert(decision, evaluation, stopped, None, links)
    assert alert.subject == "flights: stopped in its tryout, v11 stays in Production"
    assert "The reason: on 900 rows of 6 days version 12 is worse." in opening(alert)
    assert "gates object" not in alert.text


def test_a_promotion_after_a_tryout_says_what_it_found(decision, evaluation, passed, promotion, links):
    found = Finding(gate="tryout", passed=True, sentence="on 900 rows of 6 days version 12 is better")
    tried = passed.model_copy(update={"findings": (found,)})
    alert = result_alert(decision, evaluation, tried, promotion, links)
    assert "What its tryout found" in alert.text
    assert "- on 900 rows of 6 days version 12 is better" in alert.text


def test_a_refusal_without_a_champion_needs_a_person(decision, evaluation, refused, links):
    alert = result_alert(decision, evaluation, refused.model_copy(update={"champion_version": None}), None, links)
    assert alert.subject == "flights: challenger refused, nothing is in Production"
    assert "need a person" in alert.text


@pytest.mark.parametrize(("verdict", "news"), [("passed", "passes every gate"), ("refused", "is refused")])
def test_a_dry_run_says_that_it_was_one(request, decision, evaluation, links, verdict, news):
    dry = decision.model_copy(update={"dry_run": True, "by": "ada"})
    alert = result_alert(dry, evaluation, request.getfixturevalue(verdict), None, links)
    assert alert.subject == f"flights: dry run, the challenger {news}"
    assert "version 11 stays in Production as before" in " ".join(alert.text.split())
    assert "Asked for by ada." in alert.text


def test_a_challenger_that_passed_and_went_nowhere_asks_for_a_look(decision, evaluation, passed, links):
    assert "was not promoted" in result_alert(decision, evaluation, passed, None, links).subject


def test_a_decision_without_reasons_still_reads(decision, evaluation, passed, promotion, links):
    alert = result_alert(decision.model_copy(update={"reasons": ()}), evaluation, passed, promotion, links)
    assert "The reason" not in alert.text


def test_a_rerun_has_the_same_key_and_another_training_another(decision, evaluation, passed, links):
    again = evaluation.model_copy(update={"run_id": "r2"})
    keys = [result_alert(decision, it, passed, None, links).key for it in (evaluation, evaluation, again)]
    assert keys[0] == keys[1] != keys[2]


def test_a_model_that_is_refused_and_passes_later_is_told_of_again(
    decision, evaluation, refused, passed, promotion, links
):
    told = ((refused, None), (passed, promotion), (passed, promotion))
    keys = [result_alert(decision, evaluation, verdict, moved, links).key for verdict, moved in told]
    assert keys[0] != keys[1] == keys[2]


def test_values_from_data_run_nothing(decision, evaluation, passed, promotion, links):
    assert "<script" not in result_alert(decision, evaluation, passed, promotion, links).html


def test_the_pages_are_linked(decision, evaluation, passed, promotion, links):
    alert = result_alert(decision, evaluation, passed, promotion, links)
    assert 'href="http://airflow.example/dags/a?b=1&amp;c=2"' in alert.html
    assert links.mlflow in alert.text
