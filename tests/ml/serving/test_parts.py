"""What is kept of answers that two versions gave together."""

import pytest

from ml.predictions.entries import Entries
from ml.serving.parts import Parts
from ml.shelf import Told
from tests.ml.serving import flights

MINE, THEIRS = flights.served(1), flights.served(2)


@pytest.mark.parametrize("by", [[MINE] * 4, [MINE, THEIRS, THEIRS, MINE], [THEIRS] * 4])
def test_each_row_is_kept_by_the_version_that_answered_it_and_they_stay_in_order(by, row):
    rows = [row(flight=n) for n in range(4)]
    parts = Parts.of(Entries(flights.PIPELINE), MINE, Told([0.0, 0.1, 0.2, 0.3], by), "desk", rows)
    kept = parts.in_order(lambda bundle: bundle.predictions())
    assert [(p.key["flight"], p.probability, p.version) for p in kept] == [
        (n, n / 10, one.version) for n, one in enumerate(by)
    ]
    assert [p.role for p in kept] == ["production" if one is MINE else "canary" for one in by]
    assert parts.in_order(lambda bundle: bundle.ids) == [p.id for p in kept]
