import os
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import polars as pl
import pytest

from ml import snapshots
from ml.errors import DataError, NoData
from ml.lake import Lake
from ml.records import Batch, Snapshot

FIRST = date(2013, 1, 1)


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path)


def batch(lake, frame, day=FIRST):
    stored = lake.put_frame(frame, "p", "accepted")
    return Batch(pipeline="p", day=day, rows=stored.rows, uri=stored.uri, fingerprint=stored.fingerprint)


def days(lake, count):
    frames = [pl.DataFrame({"n": [n, n + 1], "x": [0.5, None]}) for n in range(count)]
    return [batch(lake, frame, FIRST + timedelta(days=n)) for n, frame in enumerate(frames)]


def record(stored):
    known = {"uri": stored.uri, "fingerprint": stored.fingerprint, "rows": stored.rows}
    return Snapshot(pipeline="p", day=FIRST, first=FIRST, last=FIRST, **known)


def test_days_become_one_file_in_their_order(lake):
    stored = snapshots.freeze(lake, "p", days(lake, 3))
    assert stored.rows == 6
    assert stored.uri.startswith("p/snapshots/")
    assert snapshots.read(lake, record(stored))["n"].to_list() == [0, 1, 1, 2, 2, 3]


def test_the_same_days_give_the_same_snapshot(lake):
    stored = snapshots.freeze(lake, "p", days(lake, 3))
    assert snapshots.freeze(lake, "p", days(lake, 3)[::-1]) == stored
    assert snapshots.freeze(lake, "p", days(lake, 2)) != stored


def test_a_day_that_lacks_a_column_or_knows_it_only_as_null_fits_in(lake):
    frames = [pl.DataFrame({"x": [1], "s": ["a"]}), pl.DataFrame({"x": [None]}), pl.DataFrame({"s": ["b"], "x": [0.5]})]
    batches = [batch(lake, frame, FIRST + timedelta(days=n)) for n, frame in enumerate(frames)]
    rows = snapshots.read(lake, record(snapshots.freeze(lake, "p", batches)))
    assert rows["s"].to_list() == ["a", None, "b"]
    np.testing.assert_array_equal(rows["x"], [1.0, np.nan, 0.5])


def test_types_that_do_not_go_together_are_named(lake):
    batches = [batch(lake, pl.DataFrame({"x": x})) for x in ([1], ["a"])]
    with pytest.raises(DataError, match="column x is"):
        snapshots.freeze(lake, "p", batches)


def test_a_damaged_day_is_not_frozen(lake):
    batches = days(lake, 2)
    os.truncate(lake.path(batches[1].uri), 10)
    with pytest.raises(DataError, match="is damaged"):
        snapshots.freeze(lake, "p", batches)


def test_no_days_are_no_snapshot(lake):
    with pytest.raises(NoData, match="no accepted day"):
        snapshots.freeze(lake, "p", [])


def test_another_file_than_the_recorded_one_is_refused(lake):
    stored = snapshots.freeze(lake, "p", days(lake, 1))
    other = record(stored).model_copy(update={"fingerprint": "0" * 64})
    with pytest.raises(DataError, match="not the snapshot that was recorded"):
        snapshots.read(lake, other)


def test_pandas_gets_plain_dtypes_alone():
    frame = pl.DataFrame(
        {
            "whole": [1, 2],
            "whole_with_null": [1, None],
            "number": [0.5, None],
            "yes": [True, False],
            "maybe": [True, None],
            "text": ["a", None],
            "kind": pl.Series(["a", "b"], dtype=pl.Categorical),
            "at": [datetime(2013, 1, 1), None],
            "on": [FIRST, None],
            "nothing": [None, None],
        }
    )
    kinds = {name: dtype.kind for name, dtype in snapshots.plain(frame).dtypes.items()}
    assert "".join(kinds.values()) == "fffbfOOMMf"
    assert not any(isinstance(d, pd.api.extensions.ExtensionDtype) for d in snapshots.plain(frame).dtypes)


def test_null_text_is_none_and_a_null_number_is_nan():
    rows = snapshots.plain(pl.DataFrame({"s": ["a", None], "x": [1, None]}))
    assert rows["s"].to_list() == ["a", None]
    assert np.isnan(rows["x"][1])
