"""The mails about rows that break their contract."""

from datetime import date

import pytest

from ml.messages import Exhibit, mended_alert, quarantine_alert, refused_alert, set_aside_key
from ml.records import Violation
from tests.ml.messages.conftest import NASTY

UNTIL = date(2013, 2, 14)


@pytest.fixture
def held(decision):
    return decision.model_copy(update={"retrain": False})


@pytest.fixture
def exhibit(batch):
    rows = tuple((f"2013-01-31 0{n}:15", NASTY) for n in range(5))
    return Exhibit(batch.violations[0], ("sched_dep", "carrier"), rows, frozenset({1}))


@pytest.fixture
def tell(batch, held, links):
    def alert(*exhibits, batch=batch, decision=held, others=0):
        return quarantine_alert(batch, decision, links, exhibits, until=UNTIL, others=others)

    return alert


def stopped(batch, *violations):
    return batch.model_copy(update={"violations": violations})


def first_line(alert):
    return " ".join(alert.text.partition("\n\n")[0].split())


def test_the_first_line_says_what_happened_why_and_what_to_do(tell):
    first = first_line(tell())
    assert first.startswith("The 893 rows of 2013-01-31 were set aside, and no model will learn from them; no retrain")
    assert "The broken rule is min_rows: 893 rows < 1000. 2 more broken rules below." in first
    assert "Mend the data upstream: until the night of 2013-02-14 the day is read again each night" in first


def test_the_subject_names_the_rule_and_is_short(tell, batch):
    assert tell().subject == "flights: 2013-01-31 is quarantined: min_rows and 2 more"
    long = stopped(batch, Violation(column="c" * 40, rule="history.scale", rows=9, sentence="x", stops=True))
    longest = long.model_copy(update={"pipeline": "p" * 64})
    assert [len(tell(batch=it).subject) < 70 for it in (batch, long, longest)] == [True] * 3
    assert tell(batch=long).subject == "flights: 2013-01-31 is quarantined"


def test_the_owners_reason_stands_beside_the_rule(tell, batch):
    (short,) = (v for v in batch.violations if v.rule == "min_rows")
    broken = short.model_copy(update={"why": "half a Sunday is 1100 " * 20})
    alert = tell(batch=stopped(batch, broken))
    assert "The broken rule is min_rows: 893 rows < 1000 (half a Sunday is 1100 half" in first_line(alert)
    assert alert.text.count("half a Sunday") < 20


def test_that_too_many_rows_are_refused_is_told_by_what_most_are_refused_for(tell, batch):
    many = Violation(column=None, rule="refused", rows=317, sentence="317 of 893 rows are refused", stops=True)
    alert = tell(batch=stopped(batch, many, *batch.violations[:2]))
    assert "The broken rule is distance range: 300 rows lie outside 0 to 6000." in first_line(alert)


def test_a_whole_table_comes_before_its_columns(tell, batch):
    temp = Violation(column="temp", rule="nulls", rows=776, table="weather", sentence="x", stops=True)
    absent = Violation(column=None, rule="min_rows", rows=0, table="weather", sentence="0 rows < 24", stops=True)
    assert "The broken rule is weather min_rows: 0 rows < 24." in first_line(tell(batch=stopped(batch, temp, absent)))


def test_the_upstream_table_to_mend_is_named(tell, batch):
    absent = Violation(column=None, rule="min_rows", rows=0, table="weather", sentence="0 rows < 24", stops=True)
    alert = tell(batch=stopped(batch, absent))
    assert "Mend the upstream table weather: until" in first_line(alert)
    assert alert.subject == "flights: 2013-01-31 is quarantined: weather min_rows"


def test_every_rule_is_named_with_its_rows_and_whether_it_stops_the_day(tell):
    text = tell().text
    expected = ("carrier allowed", "distance range", "min_rows (stops the day)", "893 rows < 1000", "300")
    assert [word in text for word in expected] == [True] * 5


def test_which_rules_stop_the_day_is_said_where_some_do_not(tell, batch):
    assert "(stops the day)" not in tell(batch=stopped(batch, batch.violations[2])).text


def test_of_very_many_rules_the_rest_is_counted(tell, batch):
    many = (Violation(column=f"c{n}", rule="range", rows=n, sentence="x", stops=True) for n in range(100))
    assert "and 92 more broken rules" in tell(batch=stopped(batch, *many)).text


def test_example_rows_stand_under_their_rule_with_the_wrong_value_marked(tell, exhibit):
    alert = tell(exhibit)
    assert "carrier allowed: 5 of 17 rows" in alert.text
    assert f">{NASTY}<" in alert.text
    assert alert.html.count("font-weight:700") == 5


def test_a_value_from_data_is_escaped(tell, exhibit):
    assert NASTY in tell(exhibit).text
    assert "<script" not in tell(exhibit).html


def test_the_commands_to_release_and_to_discard_can_be_copied(tell, batch):
    alert = tell(batch=batch.model_copy(update={"refused": 300}), others=2)
    for command in (
        "nightshift quarantine show flights --day 2013-01-31",
        'nightshift quarantine release flights --day 2013-01-31 --why "…"',
        'nightshift quarantine release flights --day 2013-01-31 --rows --why "…"',
        'nightshift quarantine discard flights --day 2013-01-31 --why "…"',
        "nightshift quarantine list flights",
    ):
        assert f"    {command}\n" in alert.text
    assert "--rows" not in tell().text
    assert "2 more days wait in quarantine" in alert.text


def test_a_day_that_a_later_night_set_aside_says_that_it_changed(tell):
    assert "what upstream sends for that day has changed" in first_line(tell(decision=None))


def test_the_same_rules_again_are_no_second_mail_and_another_rule_is_one(tell, batch):
    again = batch.model_copy(update={"fingerprint": "e" * 64, "rows": 894})
    other = stopped(batch, Violation(column="temp", rule="nulls", rows=9, sentence="x", stops=True))
    keys = [tell(batch=it).key for it in (batch, again, other)]
    assert keys[0] == keys[1] != keys[2]
    assert keys[0] == set_aside_key(batch)


def test_a_quarantine_without_named_rules_still_reads(tell, batch):
    assert "They broke the contract." in tell(batch=stopped(batch)).text


def test_a_mended_day_says_what_it_had_been_and_asks_for_nothing(batch, links):
    alert = mended_alert(batch.model_copy(update={"state": "accepted", "rows": 1020}), batch, links)
    assert alert.subject == "flights: 2013-01-31 is mended and accepted"
    assert "its 1,020 rows keep the contract. It had been set aside for min_rows: 893 rows < 1000." in first_line(alert)
    assert "There is nothing to do" in alert.text


def test_many_refused_rows_of_an_accepted_day_are_told_with_share_rule_and_command(batch, links, exhibit):
    accepted = stopped(batch, *batch.violations[:2]).model_copy(update={"state": "accepted", "refused": 38})
    alert = refused_alert(accepted, links, [exhibit])
    assert alert.subject == "flights: 38 rows of 2013-01-31 are refused"
    assert first_line(alert).startswith("38 of 931 rows of 2013-01-31 were refused (4.1%); the others are accepted.")
    assert 'nightshift quarantine release flights --day 2013-01-31 --rows --why "…"' in alert.text
    assert "carrier allowed: 5 of 17 rows" in alert.text
