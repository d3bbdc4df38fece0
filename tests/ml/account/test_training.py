"""Rows and recipe."""

import pytest

from ml.records import Candidate, Snapshot

pytestmark = pytest.mark.integration


def test_window_rows_sha256_recipe_and_run_are_named(section, traces):
    found, text = section("training")
    snapshot, judged = traces.record("snapshot", Snapshot), traces.record("train", Candidate)
    assert f"snapshot: {snapshot.rows:,} rows of {snapshot.first} to {snapshot.last}" in text
    for word in (snapshot.fingerprint, judged.recipe, judged.run_id, judged.model_uri, "version 2"):
        assert word in text
    assert found.data["refitted"]["version"] == 2
