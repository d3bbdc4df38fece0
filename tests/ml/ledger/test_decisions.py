"""Whether to retrain, and why, kept for ever."""

from datetime import date, timedelta

from ml.records import Decision, Reason

DAY = date(2013, 1, 31)
YES = Decision(
    pipeline="flights",
    day=DAY,
    retrain=True,
    reasons=(Reason(kind="drift", sentence="5 of 12 columns drifted"),),
    against=("not due",),
    window=364,
)
NO = Decision(pipeline="flights", day=DAY, retrain=False)


def test_a_decision_comes_back_with_its_number_and_its_moment(ledger):
    number = ledger.record_decision(YES)
    (row,) = ledger.decisions("flights")
    assert (row.id, row.decision) == (number, YES)
    assert row.at.utcoffset() == timedelta(0)


def test_the_same_decision_again_keeps_its_number(ledger):
    assert ledger.record_decision(YES) == ledger.record_decision(YES)


def test_a_decision_that_changed_its_mind_twice_has_three_rows(ledger):
    for decision in (NO, YES, NO):
        ledger.record_decision(decision)
    assert [row.decision.retrain for row in ledger.decisions("flights")] == [False, True, False]


def test_a_persons_wish_in_between_does_not_make_the_nights_decision_new(ledger):
    night = ledger.record_decision(NO)
    ledger.record_decision(YES.model_copy(update={"by": "ada"}))
    assert ledger.record_decision(NO) == night


def test_decisions_before_a_day_leave_that_day_out(ledger):
    ledger.record_decision(YES)
    assert ledger.decisions("flights", before=DAY) == []
    assert len(ledger.decisions("flights", before=DAY + timedelta(days=1))) == 1


def test_a_decision_is_found_again_by_what_it_says(ledger):
    numbers = [ledger.record_decision(decision) for decision in (NO, YES, NO)]
    assert ledger.decision_number(NO) == numbers[2]
    assert ledger.decision_number(YES) == numbers[1]
    assert ledger.decision_number(YES.model_copy(update={"window": 7})) is None
