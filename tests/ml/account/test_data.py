"""The day's rows."""

import pytest

pytestmark = pytest.mark.integration


def test_rows_file_and_sha256_are_named(section, traces):
    from ml.records import Batch

    batch = traces.record("validate", Batch)
    found, text = section("data")
    assert f"accepted: {batch.rows} rows" in text
    assert batch.fingerprint in text
    assert found.data["batch"] == batch.model_dump(mode="json")


def test_what_people_decided_since_is_told(workspace, tiny):
    from datetime import date

    from ml import account, lines, quarantine
    from ml.walker import InProcess
    from tests.tiny import write_day

    run = workspace.run("tiny", date(2013, 6, 1))
    write_day(tiny.parent / "data", run.day, rows=5)
    lines.nightly(InProcess(run))
    quarantine.release(run, "ada", "a holiday")
    text = "\n".join(account.of(workspace.ledger, "tiny").sections[0].lines())
    assert "quarantined: 5 rows" in text
    assert "released by ada: a holiday" in text
    assert "UTC the day is released" in text
    assert "min_rows" in text
