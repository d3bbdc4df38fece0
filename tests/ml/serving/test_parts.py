"""What is kept of answers that two versions gave together."""

from dataclasses import replace

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


def test_the_log_has_what_the_version_takes_and_not_what_the_yaml_names_by_now(row):
    old = replace(MINE, inputs=(*MINE.inputs[1:], ("origin_late_9d", "double")))
    parts = Parts.of(Entries(flights.PIPELINE), old, Told([0.5], [old]), "desk", [row(origin_late_9d=0.25)])
    assert list(parts.bundles[0].features) == [name for name, _ in old.inputs]
    assert parts.bundles[0].features["origin_late_9d"] == [0.25]
