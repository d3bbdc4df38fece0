from datetime import timedelta

import numpy
import pytest

from ml.predictions.entries import Entries
from ml.tryouts import pairs
from tests.ml.tryouts.conftest import BEGAN, tryout

pytestmark = pytest.mark.integration


def test_a_row_is_a_pair_when_both_versions_said_something_and_its_label_is_there(trying, asked):
    run = trying()
    asked(run, days=2, worse=0.1)
    found = pairs(run, tryout())
    assert len(found.y) == 100
    assert set(found.days.astype(str)) == {"2013-06-06", "2013-06-07"}
    off = numpy.where(found.y == 1, found.champion - found.candidate, found.candidate - found.champion)
    assert off.max() == pytest.approx(0.1)
    assert off.min() >= 0


@pytest.mark.parametrize("what", [{"labelled": False}, {"at": BEGAN - timedelta(minutes=1)}, {"days": 0}])
def test_without_a_label_before_the_tryout_or_without_traffic_there_are_no_pairs(trying, asked, what):
    run = trying()
    asked(run, **{"days": 2} | what)
    assert len(pairs(run, tryout()).y) == 0


def test_what_only_one_of_them_said_is_no_pair_and_of_two_predictions_the_last_counts(trying, asked):
    run = trying()
    asked(run, days=1)
    first = pairs(run, tryout())
    batch = run.workspace.ledger.batches("tiny", state="accepted")[0]
    [row] = run.workspace.lake.read([batch.uri], ["parcel", "at"]).head(1).iter_rows(named=True)
    again = Entries(run.pipeline).of([row], [0.987], 2, "shadow", "shop", BEGAN + timedelta(hours=5))
    alone = Entries(run.pipeline).of([row | {"parcel": 1}], [0.9], 2, "shadow", "shop", BEGAN + timedelta(hours=5))
    run.workspace.ledger.record_predictions([*again, *alone])
    found = pairs(run, tryout())
    assert len(found.y) == len(first.y)
    assert (found.candidate == 0.987).sum() == 1
