"""What was taken away is remembered with its age and its size."""

from datetime import UTC, datetime

from ml.records import Removal


def test_a_removal_comes_back_from_json_with_its_instants():
    since, at = (datetime(2013, month, 1, tzinfo=UTC) for month in (1, 2))
    what = {"pipeline": "p", "kind": "file", "what": "lake/a.parquet", "bytes": 7, "why": "older than 30 days"}
    removal = Removal(**what, since=since, by="nightshift", at=at)
    assert Removal.model_validate_json(removal.model_dump_json()) == removal
    assert (removal.at - removal.since).days == 31
