"""Nights and what came between them."""

from datetime import UTC, date, datetime, timedelta

from ml import timeline
from ml.records import Approval, Batch, Promotion, QuarantineAct

DAY = date(2013, 6, 1)


def promotion(version, at, **more):
    return Promotion(pipeline="tiny", day=DAY, version=version, previous=None, run_id="r", snapshot="s", at=at, **more)


def test_what_came_between_two_nights_stands_between_them(workspace):
    ledger = workspace.ledger
    with ledger.attempt("tiny", DAY, "pull"):
        pass
    at = datetime.now(UTC)
    batch = Batch(pipeline="tiny", day=DAY, rows=1, uri="u", fingerprint="f", state="accepted")
    ledger.record_act(
        QuarantineAct(pipeline="tiny", day=DAY, act="release", by="ada", why="a \x1b[31m holiday", at=at), batch
    )
    with ledger.attempt("tiny", DAY + timedelta(days=1), "pull"):
        pass
    lines = list(timeline.of(ledger, "tiny").lines())
    assert [line.strip()[:10] for line in lines] == ["2013-06-01", f"{at:%Y-%m-%d}", "2013-06-02"]
    assert lines[1].endswith("UTC  the data of 2013-06-01 was released by ada: a  [31m holiday")


def test_a_second_promotion_of_a_day_is_told_too(workspace):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for version in (1, 2):
        workspace.ledger.record_promotion(promotion(version, at + timedelta(hours=version)))
    past = timeline.of(workspace.ledger, "tiny")
    assert [event.said[:9] for event in past.events] == ["version 1", "version 2"]
    assert [tenure.promotion.version for tenure in past.tenures] == [1, 2]


def test_a_night_with_its_promotion_is_told_once(walked):
    past = timeline.of(walked.ledger, "tiny")
    assert past.events == []
    lines = list(past.lines())
    assert lines[0].startswith("2013-06-01  retrain, because")
    assert lines[-2] == "in Production"
    assert "UTC to now" in lines[-1]


def test_as_json_the_nights_are_where_they_were(walked):
    document = timeline.of(walked.ledger, "tiny").as_json()
    assert set(document) == {"pipeline", "nights", "production", "events"}
    assert document["nights"][0]["promotion"]["version"] == document["production"][0]["version"] == 1


def test_a_pipeline_without_a_past_has_no_lines(walked):
    assert list(timeline.of(walked.ledger, "other").lines()) == []


def test_a_rollback_and_an_answer_are_told_with_who_and_why(workspace):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for version, kind in ((1, "promotion"), (2, "promotion"), (1, "rollback")):
        move = promotion(version, at, kind=kind, by="ada", why="late parcels" if kind == "rollback" else "")
        workspace.ledger.record_promotion(move)
    answers = {"auto": "nobody had to be asked", "rejected": "too few towns"}
    for answer, why in answers.items():
        workspace.ledger.record_answer(
            Approval(pipeline="tiny", day=DAY, run_id="r", version=3, answer=answer, by="bea", why=why, at=at)
        )
    said = [event.said for event in timeline.of(workspace.ledger, "tiny").events]
    assert "version 1 is in Production: rollback, by ada: late parcels" in said
    assert "version 3 rejected by bea: too few towns" in said
    assert not any("nobody had" in one for one in said)
