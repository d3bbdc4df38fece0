from dataclasses import replace
from datetime import date, datetime
from hashlib import blake2b

import pytest

from ml.errors import ServiceUnavailable
from ml.exposure import Canary, Shadow, Unseen
from ml.records import Prediction
from ml.shelf import Served, Shelf, Slots, Traffic
from ml.shelf import traffic as room
from ml.shelf.traffic import place
from tests.ml.shelf.conftest import NOW

SERVED = Served("tiny", 1, "run", NOW, None, (("size", "double"),), (), "classification")
BOTH = Slots(current=SERVED, candidate=replace(SERVED, version=2))
ROWS = [{"parcel": n, "size": float(n)} for n in range(2000)]


def score(served, rows):
    return [served.version + row["size"] / 1e6 for row in rows]


def traffic(exposure, slots=BOTH, score=score, append=None):
    kept = []
    made = Traffic(Shelf("tiny", slots), exposure, ["parcel"], score, append or kept.extend)
    made.kept = kept
    return made


def predictions(told, rows):
    return [
        Prediction(
            id="0" * 32,
            pipeline="tiny",
            version=by.version,
            role="production" if by.version == 1 else "canary",
            at=datetime(2026, 1, 1, tzinfo=NOW.tzinfo),
            key={"parcel": row["parcel"]},
            day=date(2026, 1, 1),
            probability=0.5,
        )
        for by, row in zip(told.by, rows, strict=True)
    ]


def test_a_candidate_that_is_unseen_gets_nothing():
    made = traffic(Unseen())
    told = made.answers(BOTH, ROWS)
    assert {by.version for by in told.by} == {1}
    made.copy(BOTH, ROWS, predictions(told, ROWS))
    made.round()
    assert made.kept == []


def test_a_canary_answers_its_share_of_the_keys_each_row_with_its_own_value():
    told = traffic(Canary(share=0.1)).answers(BOTH, ROWS)
    share = sum(by.version == 2 for by in told.by) / len(ROWS)
    assert share == pytest.approx(0.1, abs=0.03)
    assert told.values == [by.version + row["size"] / 1e6 for by, row in zip(told.by, ROWS, strict=True)]


def test_a_key_is_answered_by_the_same_version_alone_or_among_others_and_after_a_restart():
    whole = traffic(Canary()).answers(BOTH, ROWS)
    again = traffic(Canary())
    assert [again.answers(BOTH, [row]).by[0].version for row in ROWS] == [by.version for by in whole.by]


def test_another_version_begins_with_other_keys():
    def mine(version):
        slots = replace(BOTH, candidate=replace(SERVED, version=version))
        told = traffic(Canary(share=0.5), slots).answers(slots, ROWS)
        return [by.version != 1 for by in told.by]

    same = sum(a == b for a, b in zip(mine(2), mine(3), strict=True)) / len(ROWS)
    assert same == pytest.approx(0.5, abs=0.06)


def test_a_share_grows_without_taking_a_key_back():
    def mine(share):
        return {n for n, by in enumerate(traffic(Canary(share=share)).answers(BOTH, ROWS).by) if by.version == 2}

    assert mine(0.1) < mine(0.3)


def test_rows_are_shared_out_by_the_columns_that_the_yaml_names():
    rows = [{"parcel": n, "size": 1.0, "town": "Bonn"} for n in range(200)]
    told = traffic(Canary(share=0.5, key=["town"])).answers(BOTH, rows)
    assert len({by.version for by in told.by}) == 1


def test_a_row_without_its_key_is_answered_by_production():
    told = traffic(Canary(share=0.5)).answers(BOTH, [{"size": 1.0}] * 50 + [{"parcel": None, "size": 1.0}] * 50)
    assert {by.version for by in told.by} == {1}


def test_7_and_7_0_are_the_same_key_and_the_place_is_the_documented_one():
    assert place(b"tiny/2", [7]) == place(b"tiny/2", [7.0])
    documented = int.from_bytes(blake2b(b'tiny/2/[7,"a"]', digest_size=8).digest()) / 2.0**64
    assert place(b"tiny/2", [7, "a"]) == documented
    assert place(b"tiny/2", [7]) != place(b"tiny/3", [7])


def test_a_copy_is_scored_by_the_version_that_did_not_answer():
    made = traffic(Canary(share=0.3))
    told = made.answers(BOTH, ROWS[:100])
    said = predictions(told, ROWS[:100])
    made.copy(BOTH, ROWS[:100], said)
    made.round()
    pairs = {(p.key["parcel"], p.version) for p in [*said, *made.kept]}
    assert pairs == {(n, version) for n in range(100) for version in (1, 2)}
    assert {p.role for p in made.kept} == {"shadow"}
    assert len({p.id for p in made.kept}) == made.copied == 100


def test_a_shadow_answers_nobody():
    made = traffic(Shadow())
    told = made.answers(BOTH, ROWS[:10])
    made.copy(BOTH, ROWS[:10], predictions(told, ROWS[:10]))
    made.round()
    assert {by.version for by in told.by} == {1}
    assert [p.probability for p in made.kept] == score(BOTH.candidate, ROWS[:10])


def test_what_finds_no_room_is_dropped_and_counted(monkeypatch):
    monkeypatch.setattr(room, "WAITING", 15)
    made = traffic(Shadow())
    for _ in range(3):
        made.copy(BOTH, ROWS[:10], predictions(made.answers(BOTH, ROWS[:10]), ROWS[:10]))
    made.round()
    assert (made.copied, made.dropped) == (10, 20)
    made.copy(BOTH, ROWS[:10], predictions(made.answers(BOTH, ROWS[:10]), ROWS[:10]))
    made.round()
    assert made.copied == 20


def test_a_log_that_takes_nothing_costs_the_copies_alone():
    def full(predictions):
        raise ServiceUnavailable("the spool is full")

    made = traffic(Shadow(), append=full)
    made.copy(BOTH, ROWS[:10], predictions(made.answers(BOTH, ROWS[:10]), ROWS[:10]))
    made.round()
    assert (made.copied, made.dropped) == (0, 10)


def failing(served, rows):
    if served.version == 2 and any(row["parcel"] % 2 for row in rows):
        raise ZeroDivisionError("odd")
    return score(served, rows)


def test_where_the_candidate_fails_production_answers_and_after_a_few_failures_it_is_stopped():
    made = traffic(Canary(share=0.5), score=failing)
    for row in ROWS[:50]:
        told = made.answers(BOTH, [row])
        assert told.values == score(told.by[0], [row])
    version, why = made.shelf.stopped
    assert version == 2
    assert "tiny version 2 is stopped: it failed on 2 of" in why
    assert "ZeroDivisionError: odd; at most 0.1% may fail" in why
    asked = [made.answers(BOTH, [row]).by[0].version for row in ROWS]
    assert set(asked) == {1}


def test_a_copy_on_which_the_candidate_fails_is_lost_alone():
    made = traffic(Shadow(), score=failing)
    made.copy(BOTH, ROWS[:10], predictions(made.answers(BOTH, ROWS[:10]), ROWS[:10]))
    made.round()
    assert sorted(p.key["parcel"] for p in made.kept) == [0, 2, 4, 6, 8]
    assert made.dropped == 5
    assert made.shelf.stopped is not None


def test_a_candidate_that_is_slower_than_the_slowest_of_production_is_stopped(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(room, "perf_counter", lambda: clock[0])

    def timed(served, rows):
        clock[0] += 0.001 * served.version
        return score(served, rows)

    made = traffic(Canary(share=0.5), score=timed)
    for n, row in enumerate(ROWS):
        made.answers(BOTH, [row])
        if n % 100 == 0:
            made.round()
    version, why = made.shelf.stopped
    assert version == 2
    assert "requests took it longer than 1 ms, as 1 % of the other version's do; at most 5% may" in why


def test_a_candidate_as_quick_as_production_is_not_stopped(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(room, "perf_counter", lambda: clock[0])

    def timed(served, rows):
        clock[0] += 0.001 + 0.0001 * (rows[0]["parcel"] % 10)
        return score(served, rows)

    made = traffic(Canary(share=0.5), score=timed)
    for n, row in enumerate(ROWS):
        made.answers(BOTH, [row])
        if n % 100 == 0:
            made.round()
    assert made.shelf.stopped is None


def test_a_candidate_with_other_inputs_sees_nothing():
    slots = replace(BOTH, candidate=replace(SERVED, version=2, inputs=(("weight", "double"),)))
    made = traffic(Canary(share=0.5), slots)
    assert {by.version for by in made.answers(slots, ROWS).by} == {1}
    assert made.unlike.startswith("version 2 sees no traffic: it takes other inputs than version 1")
    assert traffic(Unseen(), slots).unlike is None


def test_a_champion_that_was_saved_without_its_definitions_takes_those_of_the_yaml():
    """As every version of before an update does: a candidate of after it sees traffic all the same."""
    slots = replace(BOTH, candidate=replace(SERVED, version=2, past={}))
    made = traffic(Canary(share=0.5), slots)
    assert {by.version for by in made.answers(slots, ROWS).by} == {1, 2}
    assert made.unlike is None


def test_copies_are_scored_by_a_thread_of_its_own():
    import time

    made = traffic(Shadow())
    made.start()
    made.copy(BOTH, ROWS[:10], predictions(made.answers(BOTH, ROWS[:10]), ROWS[:10]))
    end = time.monotonic() + 30
    while made.copied < 10 and time.monotonic() < end:
        time.sleep(0.01)
    made.close()
    assert made.copied == 10
