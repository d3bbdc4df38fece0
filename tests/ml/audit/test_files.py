"""The lake against the ledger, with files that are really gone or damaged."""

from datetime import UTC, date, datetime

import pytest

from ml.audit.files import files, snapshots
from ml.audit.scope import Scope
from ml.records import FeatureTable, Removal

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def damage(path):
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"?")


def test_two_nights_left_every_file(place):
    for deep in (False, True):
        checked = files(Scope(place, "tiny", deep))
        assert checked.found == ()
    assert int(checked.said.split()[0]) > 40
    assert "their sha256 compared" in checked.said


def test_a_file_that_is_gone_is_named_with_its_day_and_what_brings_it_back(scope, said):
    batch = scope.place.ledger.batches("tiny", state="accepted")[-1]
    scope.place.lake.path(batch.uri).unlink()
    checked = files(scope)
    assert said(checked) == [f"tiny {batch.day}: the accepted rows is not in the lake, or empty: {batch.uri}"]
    assert checked.found[0].mend.endswith(f"nightshift step pull tiny --day {batch.day}")


def test_a_damaged_file_is_found_by_reading_it(place, said):
    batch = place.ledger.batches("tiny", state="accepted")[-1]
    damage(place.lake.path(batch.uri))
    assert said(files(Scope(place, "tiny"))) == []
    (one,) = said(files(Scope(place, "tiny", deep=True)))
    assert "is damaged: its sha256 is" in one


def test_snapshots_of_production_and_of_the_version_before_are_read_whole(scope):
    checked = snapshots(scope)
    assert (checked.said[:2], checked.found) == ("2 ", ())


@pytest.mark.parametrize("version", [1, 2])
def test_a_damaged_snapshot_is_found_also_without_deep(scope, said, version):
    promotion = next(p for p in scope.promotions if p.version == version)
    damage(scope.place.lake.path(scope.snapshots[promotion.snapshot].uri))
    (one,) = said(snapshots(scope))
    assert one.startswith(f"tiny {promotion.day}: the snapshot of version {version}: ")
    assert "is damaged" in one


def test_a_snapshot_that_is_gone(scope, said):
    promotion = scope.promoted
    scope.place.lake.path(scope.snapshots[promotion.snapshot].uri).unlink()
    checked = snapshots(scope)
    assert "is not in the lake" in said(checked)[0]
    assert f"nightshift step snapshot tiny --day {promotion.day}" in checked.found[0].mend


def test_a_promotion_of_rows_that_no_night_froze(scope, said):
    scope.__dict__["snapshots"] = {}
    assert [one.split("which")[1] for one in said(snapshots(scope))] == [" no night of the ledger froze"] * 2


def test_a_row_that_names_another_file_than_its_sha256(scope, said):
    (first, *_) = scope.snapshots.values()
    scope.__dict__["snapshots"] = {"x": first.model_copy(update={"fingerprint": "0" * 64})}
    assert any("is noted with the sha256 000" in one for one in said(files(scope)))


def test_what_brings_a_snapshot_back_does(scope):
    """The command that the audit names mends it."""
    from ml.walker import perform, stored_inputs

    promotion = scope.promoted
    path = scope.place.lake.path(scope.snapshots[promotion.snapshot].uri)
    path.unlink()
    run = scope.place.run("tiny", promotion.day)
    drawn, inputs = stored_inputs(run, "snapshot")
    perform(run, drawn.step, *inputs)
    assert snapshots(Scope(scope.place, "tiny")).found == ()


def test_a_file_that_retention_removed_is_not_missed_and_one_that_it_only_noted_is_there(scope, said):
    report = next(one for one in scope.place.ledger.drift_history("tiny") if one.html)
    removal = Removal(pipeline="tiny", kind="page", what=report.html, bytes=1, why="old", since=NOW, by="test", at=NOW)
    scope.place.ledger.record_removal(removal)
    before = files(scope).said
    scope.place.lake.path(report.html).unlink()
    checked = files(Scope(scope.place, "tiny"))
    assert said(checked) == []
    assert checked.said != before


def test_a_lost_feature_table_is_named_with_the_step_that_makes_it_again(scope, said):
    day, digest = date(2013, 6, 2), "f" * 64
    uri = f"tiny/features/{digest[:32]}.parquet"
    table = FeatureTable(
        pipeline="tiny", day=day, at=NOW, first=day, features={"late": "d" * 16}, rows=1, uri=uri, fingerprint=digest
    )
    scope.place.ledger.record_features(table, {})
    checked = files(scope)
    assert said(checked) == [f"tiny {day}: the feature table is not in the lake, or empty: {uri}"]
    assert checked.found[0].mend.endswith(f"nightshift step materialise tiny --day {day}")
