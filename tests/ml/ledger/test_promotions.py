"""Which version was in Production when."""

from datetime import UTC, date, datetime, timedelta, timezone

from ml.records import Promotion


def promotion(version, previous, hour):
    at = datetime(2026, 1, 1, hour, tzinfo=UTC)
    return Promotion(
        pipeline="flights", day=date(2013, 1, 31), version=version, previous=previous, run_id="r", snapshot="s", at=at
    )


def test_a_promotion_comes_back_as_it_was_and_only_once(ledger):
    first = promotion(1, None, 2)
    assert [ledger.record_promotion(promotion(1, None, hour)) for hour in (2, 3)] == [first, first]
    assert ledger.promotions("flights") == [first]


def test_a_rollback_and_the_same_promotion_again_are_three_rows(ledger):
    for version, previous, hour in [(2, 1, 2), (1, 2, 3), (2, 1, 4)]:
        ledger.record_promotion(promotion(version, previous, hour))
    assert [p.version for p in ledger.promotions("flights")] == [2, 1, 2]


def test_who_was_in_production_is_one_question(ledger):
    for version, previous, hour in [(1, None, 2), (2, 1, 4)]:
        ledger.record_promotion(promotion(version, previous, hour))
    found = [ledger.production_at("flights", datetime(2026, 1, 1, hour, tzinfo=UTC)) for hour in (1, 3, 4)]
    assert [p and p.version for p in found] == [None, 1, 2]


def test_the_question_may_be_asked_in_any_timezone(ledger):
    ledger.record_promotion(promotion(1, None, 2))
    at = datetime(2026, 1, 1, 3, 30, tzinfo=timezone(timedelta(hours=2)))  # 01:30 UTC
    assert ledger.production_at("flights", at) is None


def test_the_newest_row_is_what_is_in_production(ledger):
    assert ledger.in_production("flights") is None
    for version, previous, hour in [(1, None, 2), (2, 1, 4)]:
        ledger.record_promotion(promotion(version, previous, hour))
    assert ledger.in_production("flights").version == 2


def test_a_row_is_settled_when_the_registry_followed_it(ledger):
    assert ledger.settled("flights")
    ledger.record_promotion(promotion(1, None, 2))
    assert not ledger.settled("flights")
    for _ in range(2):
        ledger.record_settlement("flights")
        assert ledger.settled("flights")
    ledger.record_promotion(promotion(2, 1, 3))
    assert not ledger.settled("flights")


def test_how_and_why_a_version_came_is_kept(ledger):
    back = promotion(1, 2, 5).model_copy(update={"kind": "rollback", "why": "wrong weights", "recipe": "abc"})
    ledger.record_promotion(back)
    assert ledger.promotions("flights") == [back]
