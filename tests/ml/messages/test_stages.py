from datetime import UTC, date, datetime

import pytest

from ml.messages import Links, Outside, outside_alert, rollback_alert
from ml.records import Promotion

DAY = date(2013, 1, 31)
OURS = Promotion(
    pipeline="flights", day=DAY, version=7, previous=6, run_id="r", snapshot="s", at=datetime(2026, 1, 1, tzinfo=UTC)
)
FOUND = "the stage Production holds version 9, where version 7 belongs"


def act(**changes):
    given = {"found": FOUND, "meant": 9, "ours": OURS, "refused": "the YAML says `outside: revert`", "gone": False}
    return Outside("flights", DAY, number=3, **{**given, **changes})


@pytest.mark.parametrize(
    ("changes", "subject", "typed"),
    [
        ({}, "flights: v7 is back in Production", "--to 9"),
        ({"refused": None}, "flights: v9 was put into Production by hand", "--to 7"),
        ({"meant": None}, "flights: v7 is back in Production", None),
        ({"meant": None, "gone": True}, "flights: nothing is in Production", None),
        ({"ours": None}, "flights: nothing is in Production", "--to 9"),
    ],
)
def test_what_became_of_an_act_is_the_headline_and_a_command_undoes_it(changes, subject, typed):
    alert = outside_alert(act(**changes), Links())
    assert alert.subject == subject
    assert (f"nightshift rollback flights {typed}" in alert.text) if typed else ("--to" not in alert.text)
    assert FOUND in " ".join(alert.text.split())
    assert (alert.kind, alert.key) == ("stages", "flights/2013-01-31/outside/3")


def test_a_rollback_says_which_version_who_and_why():
    move = OURS.model_copy(update={"kind": "rollback", "previous": 8, "by": "ada", "why": "late flights look <b>early"})
    alert = rollback_alert(move, Links())
    assert alert.subject == "flights: rolled back to v7"
    first = " ".join(alert.text.split("\n\n")[0].split())
    assert first.startswith("Version 7 is back in Production; version 8 was taken out by ada. The reason: late flights")
    assert "nightshift rollback flights --to 8" in alert.text
    assert "<b>early" not in alert.html
