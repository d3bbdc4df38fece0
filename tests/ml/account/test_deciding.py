"""Reasons for and against."""

from datetime import date

from ml import account
from ml.account import deciding
from ml.records import Decision, Reason

DAY = date(2013, 6, 2)


def told(ledger, *decisions):
    with ledger.attempt("tiny", DAY, "pull"):
        pass
    for decision in decisions:
        ledger.record_decision(decision)
    (found,) = (s for s in account.of(ledger, "tiny").sections if s.name == "decision")
    return found, "\n".join(found.lines())


def test_every_reason_and_every_against_is_told(workspace):
    reasons = (
        Reason(kind="drift", sentence="3 of 12 columns drifted"),
        Reason(kind="schedule", sentence="8 days since the last, every 7 days"),
    )
    held = Decision(pipeline="tiny", day=DAY, retrain=False, reasons=reasons, against=("the day is quarantined",))
    found, text = told(workspace.ledger, held)
    assert "decision 1: no retrain; by nightshift" in text
    assert "- drift: 3 of 12 columns drifted" in text
    assert "- schedule: 8 days since the last, every 7 days" in text
    assert "- the day is quarantined" in text
    assert "in Production until then: nothing" in text
    assert found.data["decisions"][0]["number"] == 1


def test_a_person_who_asked_anew_stands_below_the_night(workspace):
    night = Decision(pipeline="tiny", day=DAY, retrain=False)
    asked = Reason(kind="on demand", sentence="ada asked for it: new towns")
    ada = Decision(pipeline="tiny", day=DAY, retrain=True, reasons=(asked,), window=14, dry_run=True, by="ada")
    found, text = told(workspace.ledger, night, ada)
    assert "- nothing asked for a retrain" in text
    assert "decision 2: retrain, as a dry run, on 14 days; by ada, 20" in text
    assert [one["by"] for one in found.data["decisions"]] == ["nightshift", "ada"]


def test_what_came_true_until_then_stands_beside_the_decision():
    from types import SimpleNamespace

    from ml.messages.letter import Bullets
    from ml.records import Matured

    quiet = Matured(pipeline="tiny", day=DAY, label_delay=1, due=1)
    learned = quiet.model_copy(update={"curve": ((0, 0.9), (1, 1.0)), "days": 2, "known": 54, "never": 6})
    told = [list(deciding._truth(SimpleNamespace(record=lambda *_, it=it: it))) for it in (None, quiet, learned)]
    said = (
        "2 predicted days joined: 54 known, 6 never",
        "label_delay is 1 day; labels that are there: 90.0% after 0 days, 100.0% after 1 day",
    )
    assert told == [[], [], [Bullets("what came true until then", said)]]
