"""Removing what retention does not keep."""

from datetime import UTC, datetime

import pytest

from ml import reproduction
from ml.errors import DataError, ServiceUnavailable
from ml.housekeeping import housekeeping, tidy
from ml.records import Question
from tests.ml.housekeeping.conftest import NIGHTS

pytestmark = pytest.mark.integration

SHORT = {"snapshots": "7d", "versions": "7d", "challengers": "7d", "pages": "7d", "replaced": "7d", "deleted": "7d"}


def everything(place):
    return {file.uri: file.bytes for file in place.lake.everything("tiny")}


def test_nothing_goes_in_its_first_week_whatever_the_owner_says(past, keeping, later):
    assert tidy(keeping(past, **SHORT), "tiny", "test", dry_run=True, now=later(6)).removed == ()


def test_a_dry_run_says_what_would_go_and_changes_nothing(past, keeping, later):
    before = everything(past), past.registry.known_versions("tiny"), past.registry.saved_models("tiny")
    found = tidy(keeping(past, **SHORT), "tiny", "test", dry_run=True, now=later(8))
    assert {"snapshot", "page", "challenger", "version", "page in MLflow"} == {item.kind for item in found.removed}
    assert found.bytes > 0
    assert (everything(past), past.registry.known_versions("tiny"), past.registry.saved_models("tiny")) == before
    assert past.ledger.removals("tiny") == []


def test_what_goes_frees_what_was_said_is_noted_and_what_serves_is_untouched(past, keeping, later):
    place = keeping(past, **SHORT)
    before, old = sum(everything(place).values()), place.registry.run_of("tiny", "1")[1]
    said = tidy(place, "tiny", "test", dry_run=True, now=later(8))
    done = tidy(place, "tiny", "somebody", now=later(8))
    assert done.removed == said.removed
    in_lake = sum(item.bytes for item in done.removed if item.what.startswith("tiny/"))
    assert before - sum(everything(place).values()) == in_lake > 0
    assert {row.what for row in place.ledger.removals("tiny")} == {item.what for item in done.removed}
    assert {row.by for row in place.ledger.removals("tiny")} == {"somebody"}
    assert [version.version for version in place.registry.known_versions("tiny")] == [2, 3]
    assert tidy(place, "tiny", "test", now=later(8)).removed == ()
    assert reproduction.reproduce(place, "tiny@previous").identical
    with pytest.raises(DataError, match=rf"was removed by retention on {datetime.now(UTC):%Y-%m-%d} .frozen "):
        reproduction.reproduce(place, old)


def test_a_version_that_was_never_promoted_goes_and_leaves_ledger_and_registry_in_agreement(
    past, keeping, later, never_promoted
):
    """Its model is version 3's, which serves: that stays."""
    version = never_promoted(past)
    place = keeping(past, versions="7d")
    gone = [item.what for item in tidy(place, "tiny", "test", now=later(8)).removed]
    assert f"tiny version {version}" in gone
    assert [known.version for known in place.registry.known_versions("tiny")] == [2, 3]
    assert place.registry.aliases("tiny") == {"production": 3, "previous": 2}
    assert reproduction.reproduce(place, "tiny@production").identical


def test_killed_between_note_and_removal_the_next_one_ends_the_work(past, keeping, later, monkeypatch):
    place = keeping(past, **SHORT)
    with monkeypatch.context() as patched:
        patched.setattr(type(place.lake), "remove", killed)
        patched.setattr(type(place.registry), "remove_model", killed)
        with pytest.raises(KeyboardInterrupt):
            tidy(place, "tiny", "test", now=later(8))
    (noted,) = place.ledger.removals("tiny")
    assert noted.what in everything(place)
    done = tidy(place, "tiny", "test", now=later(8))
    whats = [row.what for row in place.ledger.removals("tiny")]
    assert noted.what not in everything(place)
    assert sorted(whats) == sorted({item.what for item in done.removed})


def killed(*_):
    raise KeyboardInterrupt


def test_a_file_that_was_written_anew_meanwhile_stays(past, keeping, later, monkeypatch):
    place = keeping(past, **SHORT)
    uri = place.ledger.output("tiny", NIGHTS[0], "snapshot")["uri"]
    listed = housekeeping._removable

    def written_after_the_list(*given):
        found = listed(*given)
        data = place.lake.read_bytes(uri)
        place.lake.put_bytes(data, "tiny", "snapshots", suffix=".parquet")
        return found

    monkeypatch.setattr(housekeeping, "_removable", written_after_the_list)
    assert uri not in [item.what for item in tidy(place, "tiny", "test", now=later(8)).removed]
    assert uri in everything(place)


def test_nothing_is_removed_while_something_is_promoted(past, monkeypatch):
    from ml.ledger import Ledger

    lock = Ledger.lock
    monkeypatch.setattr(Ledger, "lock", lambda self, name, wait=0.1: lock(self, name, wait))
    with past.ledger.lock("promote:tiny"), pytest.raises(ServiceUnavailable, match="promote:tiny is in the hands of"):
        tidy(past, "tiny", "test")


def test_what_was_deleted_in_mlflow_goes_so_long_after_it_was_noticed(past, keeping, later):
    place = keeping(past, deleted="30d")
    run_id = place.registry.run_of("tiny", "1")[1]
    with place.registry._asking() as client:
        client.delete_run(run_id)
    assert tidy(place, "tiny", "test").removed == ()
    (noticed,) = place.ledger.removals("tiny", "noticed")
    assert noticed.what == f"mlflow:tiny/{run_id}"
    assert tidy(place, "tiny", "test", now=later(29)).removed == ()
    (gone,) = tidy(place, "tiny", "test", now=later(31)).removed
    assert (gone.kind, gone.what) == ("stray", noticed.what)
    assert tidy(place, "tiny", "test", now=later(31)).removed == ()


def test_a_model_behind_production_that_somebody_deleted_keeps_its_files_and_is_told(past, keeping, later):
    place = keeping(past, **SHORT)
    model = place.registry.production("tiny").model_uri.removeprefix("models:/")
    with place.registry._asking() as client:
        files = place.registry._files_of(client.get_logged_model(model).artifact_location)
        client.delete_logged_model(model)
    tidy(place, "tiny", "test")
    found = tidy(place, "tiny", "test", now=later(400))
    assert any(f"version 3 (Production) refers to model {model}, which is deleted" in w for w in found.warnings)
    assert files.list_artifacts()


def test_a_version_that_waits_for_a_person_stays_with_its_snapshot(past, keeping, later):
    place = keeping(past, **SHORT)
    with place.registry._asking() as client:
        client.transition_model_version_stage("tiny", "1", "Staging")
    of = {"pipeline": "tiny", "day": NIGHTS[0], "run_id": "r", "version": 1, "at": later(0), "deadline": later(500)}
    past.ledger.record_question(Question(**of, champion_version=3, reasons=("it is not better",)))
    tidy(place, "tiny", "test", now=later(400))
    assert [version.version for version in place.registry.known_versions("tiny")] == [1, 2, 3]
    assert reproduction.reproduce(place, "tiny@1").identical
