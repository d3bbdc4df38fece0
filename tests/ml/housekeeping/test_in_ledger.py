"""Predictions go day by day when their time is over."""

from datetime import UTC, date, datetime, timedelta

import pytest

from ml.config import load_pipeline
from ml.housekeeping import in_ledger
from ml.ledger import Ledger
from ml.records import Prediction
from ml.workspace import Workspace
from tests.tiny import YAML

DAY = date(2013, 6, 1)
NOW = datetime(2013, 7, 1, tzinfo=UTC)


@pytest.fixture
def place(tmp_path):
    """A workspace with predictions of three days, of which nothing else is used."""
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}")
    ledger.migrate()
    made = [
        Prediction(
            id=f"{n:032d}", pipeline="tiny", version=1, role="batch", at=NOW, key={}, probability=0.5,
            day=DAY + timedelta(days=n // 2),
        )
        for n in range(6)
    ]  # fmt: skip
    ledger.record_predictions(made)
    nothing = dict.fromkeys(("lake", "registry", "mailbox", "pipelines"))
    return Workspace(ledger=ledger, **nothing)


def pipeline(tmp_path, keep):
    (tmp_path / "tiny.yaml").write_text(YAML.format(data=tmp_path) + f"predictions: {{keep: {keep}}}\n")
    return load_pipeline(tmp_path / "tiny.yaml")


def test_days_beyond_what_is_kept_go_and_no_other(place, tmp_path):
    late = pipeline(tmp_path, "29d")
    found = list(in_ledger.removable(place, late, NOW))
    assert [(item.what, item.why) for item in found] == [
        ("ledger:tiny/2013-06-01", "2 predictions of 2013-06-01, 30 days ago; 29 are kept"),
        ("ledger:tiny/2013-06-02", "2 predictions of 2013-06-02, 29 days ago; 29 are kept"),
    ]
    in_ledger.remove(place, late, found[0])
    assert place.ledger.predicted_days("tiny") == {DAY + timedelta(days=n): 2 for n in (1, 2)}


def test_forever_is_forever(place, tmp_path):
    assert list(in_ledger.removable(place, pipeline(tmp_path, "forever"), NOW)) == []
