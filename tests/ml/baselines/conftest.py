import pytest

from ml.baselines.baseline import Known


@pytest.fixture
def known(table):
    """What a baseline may learn from, and 200 rows that follow."""

    def of(task="classification", rows=900, **changes):
        frame = table(rows=rows + 200).assign(**changes)
        label = "late" if task == "classification" else "delay"
        older, newest = frame.head(rows), frame.tail(200)
        known = Known(task, older, older[label].to_numpy(), ("at", "size", "town"))
        return known, newest, newest[label].to_numpy()

    return of
