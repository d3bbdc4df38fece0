"""Days that leave nothing over are a sentence before the first night, not a night that never finds anything."""

import pytest

from ml.config import load_pipeline
from ml.errors import ConfigError

DRIFT = """false_alarms: 1 per 90 days
  reference: 56d
  current: 1d
  detectors: [{kind: concept, days: 7d}]
  columns:
    weight: {method"""


@pytest.fixture
def loaded(pipelines):
    """The pipeline with other spans."""

    def of(old: str, new: str):
        path = pipelines.write("columns:\n    weight: {method", DRIFT)
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new, 1))
        return load_pipeline(path)

    return of


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "slices:",
            "holdout: 52w, slices:",
            "evaluation.holdout: 364 days are held out of a window of 364; nothing is left to train on",
        ),
        (
            "key: [parcel]",
            "key: [parcel]\n  history: 7d",
            "source.history: the first pull brings 7 days with a label, and 7 are held out; nothing is left",
        ),
        (
            "key: [parcel]",
            "key: [parcel]\n  label_delay: 56d",
            "source.label_delay: labels come 56 days late, and the drift check looks back 56: too few of the days",
        ),
        (
            "reference: 56d",
            "reference: 337d",
            "source.history: a calibration looks at 364 days and needs 365: 28 past nights, each with a reference of",
        ),
        (
            "key: [parcel]",
            "key: [parcel]\n  label_delay: 50d",
            "drift.detectors[0]: concept looks at 7 days with labels and at those before them; with labels 50 days",
        ),
        (
            "key: [parcel]",
            "key: [parcel]\n  label_delay: 2d\nretention: {versions: 30d}",
            "retention.versions: versions are kept for 30 days, and one is weighed on rows of up to 28 days after it "
            "served (worth.stale), 2 days later when their labels are there: what retrains were worth would stay",
        ),
        (
            "key: [parcel]",
            "key: [parcel]\nretention: {versions: 7d}\nworth: {stale: 1w}",
            "set it above 7 days, or shorten worth.stale",
        ),
    ],
)
def test_spans_that_leave_nothing_over_are_a_sentence(loaded, old, new, sentence):
    with pytest.raises(ConfigError) as refused:
        loaded(old, new)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("slices:", "holdout: 363d, slices:"),
        ("key: [parcel]", "key: [parcel]\n  label_delay: 49d"),
        ("reference: 56d", "reference: 336d"),
        ("key: [parcel]", "key: [parcel]\n  label_delay: 2d\nretention: {versions: 31d}"),
    ],
)
def test_a_day_more_or_less_is_right(loaded, old, new):
    assert loaded(old, new).name == "parcels"
