"""What may go from the lake."""

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from ml.config import load_pipeline
from ml.housekeeping import in_lake, needed
from ml.housekeeping.removable import ROWS
from tests.ml.housekeeping.conftest import NIGHTS

pytestmark = pytest.mark.integration


@pytest.fixture
def found(past, keeping, later):
    def of(days, place=past, **spans):
        pipeline = load_pipeline(keeping(place, **(spans or {"snapshots": "forever"})).pipelines / "tiny.yaml")
        staying, rows = needed.staying(place, "tiny"), needed.days(place, "tiny")
        return {item.what: item for item in in_lake.removable(place, pipeline, staying, rows, later(days))}

    return of


def test_snapshots_are_kept_for_ever_when_nothing_is_said(found):
    assert [uri for uri in found(4000) if "/snapshots/" in uri] == []


def test_old_snapshots_go_but_for_those_of_versions_that_stay(found, past):
    uris = [past.ledger.output("tiny", day, "snapshot")["uri"] for day in NIGHTS]
    gone = [uri for uri in found(31, snapshots="30d") if "/snapshots/" in uri]
    assert gone == uris[:1]
    assert found(29, snapshots="30d") == {}


def test_pages_and_pictures_go_after_their_time(found):
    gone = found(91)
    assert {uri.split("/")[1] for uri in gone} == {"drift", "evaluations"}
    assert all("drawn " in item.why for item in gone.values())
    assert found(89) == {}


def test_pictures_of_a_mail_that_waits_stay(found, past, monkeypatch):
    from ml.ledger.outbox import Outbox
    from ml.ledger.rows import AlertRow

    (alert,) = [a for key in keys(past) if (a := past.ledger.alert(key).alert).images][:1]
    row = AlertRow(alert=alert, state="pending", tries=1, delivered=(), last_error=None, at=None, sent_at=None)
    monkeypatch.setattr(Outbox, "pending", lambda self, pipeline=None: [row])
    assert {uri for _, uri in alert.images}.isdisjoint(found(91))


def keys(place):
    return [output["key"] for output in place.ledger.outputs("tiny", "announce").values()]


def test_rows_that_no_row_of_the_ledger_names_go_and_those_of_the_days_never(found, past, later):
    orphan = past.lake.put_bytes(b"left by a killed step", "tiny", "pulled", suffix=".parquet")
    gone = found(91)
    assert [uri for uri in gone if gone[uri].kind == ROWS] == [orphan.uri]
    assert "no row names it" in gone[orphan.uri].why
    assert found(89) == {}


def test_rows_that_were_replaced_go_so_long_after_they_were_replaced(past, found, later):
    day = NIGHTS[0]
    (old,) = [b for b in past.ledger.pulls("tiny") if b.day == day]
    newer = past.lake.put_bytes(b"other rows", "tiny", "pulled", suffix=".parquet")
    past.ledger.record_batches([old.model_copy(update={"uri": newer.uri, "fingerprint": newer.fingerprint})])
    long_ago = (later(-300)).timestamp()
    os.utime(past.lake.path(old.uri), (long_ago, long_ago))
    accepted = {b.uri for b in past.ledger.batches("tiny", state="accepted")}
    assert old.uri not in found(89, past)
    assert (old.uri in found(91, past)) == (old.uri not in accepted)
    assert newer.uri not in found(4000, past)


@pytest.mark.parametrize("kind", ["samples", "summaries"])
def test_what_was_made_of_a_days_rows_stays_while_they_are_the_newest(found, past, kind):
    newest = past.ledger.batches("tiny", state="accepted")[-1].fingerprint[:32]
    past.lake.put_bytes(b"a few rows", "tiny", kind, f"{newest}-2", suffix=".parquet")
    old = past.lake.put_bytes(b"a few rows", "tiny", kind, f"{'0' * 32}-2", suffix=".parquet")
    assert [uri for uri in found(91) if f"/{kind}/" in uri] == [old.uri]


def test_what_retention_does_not_know_stays(found, past):
    kinds = {item.split("/")[1] for item in found(100000, snapshots="7d", pages="7d", replaced="7d")}
    assert kinds == {"snapshots", "drift", "evaluations"}
    there = {file.uri.split("/")[1] for file in past.lake.everything("tiny")}
    assert {"conditions", "locks", "accepted", "pulled", "profiles"} <= there


def test_a_pipeline_without_a_lake_has_nothing_to_remove(workspace, keeping, later):
    pipeline = load_pipeline(keeping(workspace, pages="7d").pipelines / "tiny.yaml")
    nothing = needed.Staying(*[frozenset()] * 5)
    rows = needed.days(workspace, "tiny")
    assert list(in_lake.removable(replace(workspace), pipeline, nothing, rows, later(0) + timedelta(days=1))) == []


def test_what_the_drift_check_sees_of_a_day_stays_and_what_it_saw_before_goes(past, found):
    from ml.records import Seen

    day = past.ledger.batches("tiny", state="accepted")[-1]
    old, new = (past.lake.put_bytes(rows, "tiny", "seen", suffix=".parquet") for rows in (b"first", b"with labels"))
    for stored in (old, new):
        seen = Seen(night=day.day, rows=1, uri=stored.uri, fingerprint=stored.fingerprint)
        past.ledger.record_batches([day.model_copy(update={"seen": seen})])
    own = past.lake.put_bytes(b"a few", "tiny", "samples", f"{new.fingerprint[:32]}-2", suffix=".parquet")
    gone = found(91, past)
    assert old.uri in gone
    assert {new.uri, own.uri}.isdisjoint(gone)
