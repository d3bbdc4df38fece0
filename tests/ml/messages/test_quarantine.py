"""The mail about a day that was set aside."""

import pytest

from ml.messages import quarantine_alert
from ml.records import Violation


@pytest.fixture
def held(decision):
    return decision.model_copy(update={"retrain": False})


def test_the_first_line_says_what_is_wrong_most_and_how_to_go_on(batch, held, links):
    alert = quarantine_alert(batch, held, links)
    first = " ".join(alert.text.partition("\n\n")[0].split())
    assert alert.subject == "flights: the data of 2013-01-31 is quarantined"
    assert first.startswith("The 893 rows of 2013-01-31 were set aside")
    assert "They break 3 rules of the contract: 300 rows lie outside 0 to 6000." in first
    assert first.endswith("`nightshift nightly flights --day 2013-01-31`.")


def test_every_rule_is_named_with_its_rows(batch, held, links):
    text = quarantine_alert(batch, held, links).text
    assert [word in text for word in ("carrier", "distance", "the whole day", "893 rows < 1000")] == [True] * 4


def test_of_very_many_rules_the_rest_is_counted(batch, held, links):
    many = tuple(Violation(column=f"c{n}", rule="range", rows=n, sentence="x") for n in range(100))
    assert (
        "and 85 more broken rules" in quarantine_alert(batch.model_copy(update={"violations": many}), held, links).text
    )


def test_other_content_of_the_same_day_is_another_mail_and_a_rerun_is_not(batch, held, links):
    keys = [
        quarantine_alert(it, held, links).key for it in (batch, batch, batch.model_copy(update={"fingerprint": "e"}))
    ]
    assert keys[0] == keys[1] != keys[2]


def test_a_quarantine_without_named_rules_still_reads(batch, held, links):
    assert "broke the contract" in quarantine_alert(batch.model_copy(update={"violations": ()}), held, links).text
