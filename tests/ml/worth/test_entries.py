"""Who asked for each retrain, what it cost, and which days say what it gave."""

from datetime import date, timedelta

import pytest

from ml.records import Alert, Approval, Decision, Promotion, QuarantineAct, Reason
from ml.worth import entries
from ml.worth.cost import Cost
from tests.ml.ledger.test_weighings import WEIGHED

DAY = date(2013, 6, 1)


@pytest.fixture
def ledger(workspace):
    return workspace.ledger


def decided(ledger, n, *kinds, **more):
    """A retrain of day ``n`` was asked for."""
    reasons = tuple(Reason(kind=kind, sentence="s") for kind in kinds)
    retrain = {"retrain": bool(kinds), "reasons": reasons, **more}
    ledger.record_decision(Decision(pipeline="tiny", day=DAY + timedelta(days=n), **retrain))


def did(ledger, n, *steps):
    for step in steps:
        with ledger.attempt("tiny", DAY + timedelta(days=n), step) as attempt:
            attempt.done({"record": "x"})


def promoted(ledger, n, version, previous, kind="promotion", by="nightshift"):
    from ml.ledger.types import utc_now

    return ledger.record_promotion(
        Promotion(
            pipeline="tiny",
            day=DAY + timedelta(days=n),
            version=version,
            previous=previous,
            run_id="r",
            snapshot="s",
            at=utc_now(),
            kind=kind,
            by=by,
        )
    )


def weighed(ledger, n, version, other, against="replaced", **more):
    about = {"pipeline": "tiny", "day": DAY + timedelta(days=n), "version": version, "other": other, "against": against}
    ledger.record_weighing(WEIGHED.model_copy(update=about | more))


def mailed(ledger, n, kind):
    key = f"{kind} {n}"
    ledger.enqueue(
        Alert(key=key, pipeline="tiny", day=DAY + timedelta(days=n), kind=kind, subject="s", text="t", html="h")
    )
    with ledger.claim(key):
        pass


def told(ledger):
    return [(e.policy, e.what, e.version, e.previous) for e in entries.of(ledger, "tiny").entries]


def test_several_reasons_are_a_policy_of_their_own_in_any_order(ledger):
    decided(ledger, 0, "schedule", "first model")
    promoted(ledger, 0, 1, None)
    decided(ledger, 1, "schedule")
    decided(ledger, 2, "performance", "drift", "drift")
    promoted(ledger, 2, 2, 1)
    decided(ledger, 3, "on demand", dry_run=True)
    decided(ledger, 4)
    assert told(ledger) == [
        ("first model + schedule", "promoted", 1, None),
        ("schedule", "not promoted", None, None),
        ("drift + performance", "promoted", 2, 1),
        ("on demand", "dry run", None, None),
    ]


def test_days_belong_to_the_move_that_served_them(ledger):
    for n, (version, previous) in enumerate([(1, None), (2, 1), (3, 2)]):
        decided(ledger, n * 2, "schedule")
        promoted(ledger, n * 2, version, previous)
    for n, version in ((3, 2), (4, 2), (5, 3)):
        weighed(ledger, n, version, version - 1)
        weighed(ledger, n, version, 1, "stale")
    found = [len(e.weighed) for e in entries.of(ledger, "tiny").entries]
    assert found == [0, 2, 1]
    assert [e.first for e in entries.of(ledger, "tiny").entries] == [True, False, False]


def test_days_that_an_earlier_version_served_before_a_late_approval_stay_its_own(ledger):
    for n, version in ((0, 1), (1, 2), (2, 3)):
        decided(ledger, n, "schedule")
        promoted(ledger, n, version, version - 1 or None)
    weighed(ledger, 3, 2, 1)  # version 3 of the night of day 2 was let in after the night that weighed day 3
    weighed(ledger, 4, 3, 2)
    found = {e.version: [w.day.day for w in e.weighed] for e in entries.of(ledger, "tiny").entries}
    assert found == {1: [], 2: [4], 3: [5]}


def test_a_version_that_came_twice_has_the_days_of_each_time(ledger):
    for n, version, previous, kind in ((0, 1, None, "promotion"), (1, 2, 1, "promotion"), (3, 1, 2, "rollback")):
        promoted(ledger, n, version, previous, kind)
    promoted(ledger, 5, 2, 1, "rollback")
    for n, version, other in ((2, 2, 1), (4, 1, 2), (6, 2, 1)):
        weighed(ledger, n, version, other)
    assert [[w.day.day for w in e.weighed] for e in entries.of(ledger, "tiny").entries] == [[], [3], [5], [7]]


def test_a_promotion_waits_until_a_day_says_what_it_gave(ledger):
    decided(ledger, 0, "schedule")
    promoted(ledger, 0, 2, 1)
    weighed(ledger, 1, 2, 1, state="unknown", why="gone", losses={})
    (entry,) = entries.of(ledger, "tiny").entries
    assert entry.waits
    weighed(ledger, 2, 2, 1)
    (entry,) = entries.of(ledger, "tiny").entries
    assert not entry.waits


def test_steps_mails_and_answers_belong_to_the_decision_that_came_before_them(ledger):
    from ml.ledger.types import utc_now

    did(ledger, 0, "pull", "mature")
    decided(ledger, 0, "schedule")
    did(ledger, 0, "snapshot", "train", "deliver")
    mailed(ledger, 0, "result")
    mailed(ledger, 0, "drift")
    decided(ledger, 0, "on demand", by="ada")
    did(ledger, 0, "train")
    answer = {"pipeline": "tiny", "day": DAY, "run_id": "r", "version": 1, "by": "ada", "at": utc_now()}
    ledger.record_answer(Approval(answer="approved", **answer))
    ledger.record_answer(Approval(answer="auto", **answer))
    found = entries.of(ledger, "tiny")
    rows = ledger.step_rows("tiny")
    seconds = {n: row.seconds for n, row in enumerate(rows)}
    night, asked = found.entries
    assert night.cost == Cost(seconds[2] + seconds[3], {"mail": 1})
    assert asked.cost == Cost(seconds[5], {"approval": 1})
    assert found.nights.acts == {"mail": 1}
    assert found.nights.seconds == pytest.approx(seconds[0] + seconds[1] + seconds[4])


def test_what_people_do_about_days_is_no_retrains_and_a_rollback_is_its_own(ledger, workspace):
    from ml.ledger.types import utc_now
    from ml.records import Batch

    batch = Batch(pipeline="tiny", day=DAY, rows=1, uri="u", fingerprint="f", state="discarded")
    ledger.record_act(QuarantineAct(pipeline="tiny", day=DAY, act="discard", by="ada", why="w", at=utc_now()), batch)
    decided(ledger, 0, "schedule")
    promoted(ledger, 0, 2, 1)
    promoted(ledger, 1, 1, 2, "rollback", "ada")
    promoted(ledger, 2, 2, 1, "rollback", "nightshift")
    found = entries.of(ledger, "tiny")
    assert [(e.policy, dict(e.cost.acts)) for e in found.entries] == (
        [("schedule", {}), ("rollback", {"rollback": 1}), ("rollback", {})]
    )
    assert found.nights.acts == {"quarantine": 1}


def test_the_steps_of_a_retrain_are_those_of_its_line_but_the_mail_carrier():
    from ml import lines
    from ml.walker import drawing

    drawn = [step.name for step in drawing(lines.retrain, "decide")]
    assert list(entries.STEPS) == ["request", *(name for name in drawn if name != "deliver")]
