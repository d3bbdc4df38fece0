from datetime import date

from ml.messages import Links, Unserved, unserved_alert


def alert(serving=3, alias="production", tried=False):
    refused = Unserved("tiny", date(2013, 6, 1), 4, alias, "its file is damaged", serving, tried)
    return unserved_alert(refused, Links())


def test_the_mail_says_what_is_refused_and_what_answers():
    made = alert()
    assert made.subject == "tiny: the service refuses v4, v3 serves"
    assert "version 3 goes on answering" in made.text
    assert "its file is damaged." in made.text
    assert 'nightshift rollback tiny --why "..."' in made.text
    assert made.key == "tiny/2013-06-01/unserved/production/4"


def test_it_says_so_when_nothing_answers():
    assert "nothing answers" in alert(serving=None).text


def test_a_version_that_is_not_needed_yet_is_no_hurry():
    assert "Nobody notices yet" in " ".join(alert(alias="previous").text.split())


def test_a_version_that_was_stopped_in_its_tryout_is_not_tried_again_and_asks_nothing_of_anybody():
    made = alert(alias="staging", tried=True)
    text = " ".join(made.text.split())
    assert made.subject == "tiny: the service stopped v4, v3 serves"
    assert "The retrain line refuses this version, and a restart brings it back no more" in text
    assert "tries it again" not in text
    assert "tries it again" in " ".join(alert(alias="staging").text.split())
