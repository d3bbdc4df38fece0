"""What a diagnosis saw is held against its day until the damaged columns change."""

from datetime import date, timedelta

import pytest

from ml import holds
from ml.profiles import ColumnProfile, Profile, TableProfile
from ml.records import Batch, Diagnosis, Sign, to_json

DAY = date(2013, 6, 1)


def profile(rows=60, **means):
    columns = {name: ColumnProfile(kind="number", rows=rows, mean=mean) for name, mean in means.items()}
    return Profile(day=DAY, own=TableProfile(rows=rows, columns=columns))


def diagnosis(*columns):
    signs = tuple(
        Sign(kind="data fault", sign="frozen", weight=0.9, sentence=f"{c or 'a row'} froze", column=c) for c in columns
    )
    return Diagnosis(pipeline="p", day=DAY, kind="data fault", action="quarantine", evidence=signs)


SEEN = profile(weight=20.0, late=0.2)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (profile(weight=20.0, late=0.9), False),
        (profile(weight=21.0, late=0.2), True),
        (profile(rows=61, weight=20.0, late=0.2), True),
        (profile(late=0.2), True),
    ],
    ids=["only the labels came", "the column changed", "rows came", "the column is gone"],
)
def test_a_day_is_mended_when_what_was_damaged_changed(now, expected):
    assert holds.mended(diagnosis("weight"), SEEN, now, "late") is expected


def test_a_sign_that_names_no_column_looks_at_all_but_the_label():
    assert not holds.mended(diagnosis(None), SEEN, profile(weight=20.0, late=0.9), "late")
    assert holds.mended(diagnosis(None), SEEN, profile(weight=21.0, late=0.2), "late")


def test_the_diagnosis_is_a_rule_of_the_day_with_its_column_where_it_is_one():
    one, two = holds.violation(diagnosis("weight"), 60), holds.violation(diagnosis("weight", "town"), 60)
    assert (one.column, one.rule, one.stops) == ("weight", "diagnosis", True)
    assert two.column is None
    assert one.sentence == "diagnosed as a data fault: weight froze"


def test_a_day_knows_whether_a_diagnosis_set_it_aside():
    day = Batch(pipeline="p", day=DAY, rows=60, uri="u", fingerprint="f", state="quarantined")
    assert not holds.diagnosed(day)
    assert holds.diagnosed(day.model_copy(update={"violations": (holds.violation(diagnosis("weight"), 60),)}))


def unproven(day, action="mail", kind="covariate shift", doubts=("weight moved alone",)):
    return Diagnosis(pipeline="tiny", day=day, kind=kind, action=action, doubts=doubts)


def told(workspace, *diagnoses):
    """A ledger in which these diagnoses were made."""
    for each in diagnoses:
        with workspace.ledger.attempt("tiny", each.day, "diagnose") as attempt:
            attempt.done(to_json(each))


def held(workspace, after=0):
    return set(holds.doubted(workspace.run("tiny", DAY + timedelta(days=after))))


@pytest.mark.parametrize(
    ("later", "waiting"),
    [
        ((), {0}),
        ((unproven(DAY + timedelta(days=1)),), {0, 1}),
        ((unproven(DAY + timedelta(days=2), "retrain", doubts=()),), set()),
        ((unproven(DAY + timedelta(days=4), "retrain", doubts=()),), {0}),
        ((unproven(DAY + timedelta(days=1), "mail", "mix", doubts=()),), {0}),
    ],
    ids=["alone", "not proven again", "proven two nights later", "another episode", "another mix"],
)
def test_a_day_is_in_doubt_until_a_night_of_its_episode_proves_the_shift(workspace, later, waiting):
    told(workspace, unproven(DAY), *later)
    assert held(workspace, 5) == {DAY + timedelta(days=n) for n in waiting}


def test_a_day_on_which_the_doubts_hang_is_in_doubt_too(workspace):
    labels = unproven(DAY, kind="concept shift").model_copy(update={"hangs_on": (DAY - timedelta(days=2),)})
    told(workspace, labels)
    assert held(workspace) == {DAY, DAY - timedelta(days=2)}


def test_a_night_knows_no_doubt_of_a_later_one(workspace):
    told(workspace, unproven(DAY))
    assert (held(workspace, -1), held(workspace)) == (set(), {DAY})


def test_a_doubt_ends_after_two_weeks_unless_the_feed_was_broken(workspace):
    told(workspace, unproven(DAY))
    assert (held(workspace, 13), held(workspace, 14)) == ({DAY}, set())
    told(workspace, unproven(DAY + timedelta(days=1), "quarantine", "data fault", doubts=()))
    assert held(workspace, 300) == {DAY}


def test_what_the_owner_wants_learned_or_only_logged_is_not_in_doubt(workspace):
    told(workspace, unproven(DAY, "retrain"), unproven(DAY + timedelta(days=9), "log"))
    assert held(workspace, 9) == set()
