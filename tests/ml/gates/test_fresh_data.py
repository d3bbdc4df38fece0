from datetime import date

import pandas
import pytest

from ml.gates import FreshData
from ml.gates.trial import Surroundings
from ml.records import Batch


def batch(n, **changes):
    known = {"pipeline": "p", "day": date(2013, 1, n), "rows": 100, "uri": "", "fingerprint": "", "state": "accepted"}
    return Batch(**known | changes)


def around(*batches, due=date(2013, 1, 30)):
    return Surroundings(due, batches, lambda requests: {})


def test_new_and_complete_rows_pass(trial, found):
    finding = found(FreshData(), trial(around=around(batch(1), batch(2, refused=5))))
    assert finding.passed
    assert finding.sentence.startswith("2.4% of the window's 205 rows were set aside (10.0% may be)")


def test_days_in_quarantine_count_with_their_rows(trial, found):
    finding = found(FreshData(), trial(around=around(batch(1), batch(2, state="quarantined"))))
    assert not finding.passed
    assert finding.sentence == (
        "50.0% of the window's 200 rows were set aside, whole: 1 days, the last of them 2013-01-02; at most "
        "10.0% may be"
    )


def test_refused_rows_count(trial, found):
    finding = found(FreshData(), trial(around=around(batch(1, refused=100))))
    assert finding.sentence.startswith("50.0% of the window's 200 rows were set aside; at most")


def test_a_snapshot_that_nothing_new_reaches_is_stale(trial, found):
    finding = found(FreshData(), trial(around=around(batch(1), due=date(2013, 2, 9))))
    assert not finding.passed
    assert "the snapshot is stale: its newest labelled row is of 2013-01-30, 10 days before" in finding.sentence


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda rows: rows.assign(size=rows["size"] * 30),
            "have a value of size that the challenger was never fitted on (",
        ),
        (lambda rows: rows.assign(town=rows["town"].replace("Aachen", "Aix")), "for example Aix"),
    ],
)
def test_rows_unlike_those_it_was_fitted_on_are_named(trial, found, change, words):
    finding = found(FreshData(), trial(newest=change(trial().newest)))
    assert not finding.passed
    assert words in finding.sentence


def test_a_clock_that_only_knew_mornings_is_named(trial, found):
    older = trial().older
    finding = found(FreshData(), trial(older=older[older["at"].dt.hour < 9]))
    assert (
        "have a value of at that the challenger was never fitted on (0 to 8.96 then, 0 to 23.92 now)"
        in finding.sentence
    )


def test_a_column_that_was_empty_before_is_unseen(trial, found):
    older = trial().older.assign(size=pandas.Series(dtype="float64"))
    assert "have a value of size that" in found(FreshData(), trial(older=older)).sentence
