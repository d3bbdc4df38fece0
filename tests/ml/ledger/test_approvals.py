"""Which versions a person was asked about, and what was answered."""

from datetime import UTC, date, datetime

from ml.records import Approval, Question

DAY = date(2013, 1, 31)


def question(version=2, hour=2):
    deadline, at = datetime(2013, 2, 2, hour, tzinfo=UTC), datetime(2013, 2, 1, hour, tzinfo=UTC)
    return Question(
        pipeline="flights",
        day=DAY,
        run_id="r",
        version=version,
        champion_version=1,
        reasons=("the rows drifted",),
        users=("ada",),
        deadline=deadline,
        at=at,
    )


def answer(given="approved", version=2, **more):
    at = datetime(2013, 2, 1, 9, tzinfo=UTC)
    return Approval(pipeline="flights", day=DAY, run_id="r", version=version, answer=given, by="ada", at=at, **more)


def test_a_version_is_asked_about_once_and_keeps_its_first_deadline(ledger):
    assert [ledger.record_question(question(hour=hour)) for hour in (2, 5)] == [question(), question()]
    assert ledger.questions("flights") == [question()]


def test_a_question_waits_until_it_is_answered(ledger):
    for version in (2, 3):
        ledger.record_question(question(version))
    ledger.record_answer(answer())
    assert ledger.unanswered("flights") == [question(3)]
    assert ledger.unanswered("weather") == []


def test_of_two_answers_the_newest_stands_and_both_are_kept(ledger):
    assert ledger.answer("flights", 2) is None
    for given in (answer("rejected", why="the figures look odd \0"), answer("approved")):
        ledger.record_answer(given)
    assert ledger.answer("flights", 2) == answer("approved")
    assert [(a.answer, a.why) for a in ledger.answers("flights")] == [
        ("rejected", "the figures look odd \ufffd"),
        ("approved", ""),
    ]
