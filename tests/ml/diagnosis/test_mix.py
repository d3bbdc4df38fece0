"""More of one kind of row, and every kind as it was."""

from dataclasses import replace

import numpy as np
import pandas as pd

from ml.diagnosis import mix

from .conftest import moved


def kinds(quiet, share):
    """Two kinds of rows far apart in miles; the share of the first."""
    random = np.random.default_rng(5)

    def with_kind(frame, p):
        first = random.random(len(frame)) < p
        return frame.assign(
            carrier=np.where(first, "UA", "DL"), miles=np.where(first, 300.0, 2000.0) + random.normal(0, 50, len(frame))
        )

    return moved(replace(quiet, reference=with_kind(quiet.reference, 0.5), current=with_kind(quiet.current, share)))


def test_a_shift_that_is_gone_when_reweighted_is_a_mix(quiet):
    (found,) = mix.reweighted(kinds(quiet, 0.85))
    assert found.column == "carrier"
    assert "miles" in found.sentence


def test_a_shift_within_every_kind_is_no_mix(happened):
    assert list(mix.reweighted(happened(temp=lambda r: r["temp"] + 30, dewp=lambda r: r["dewp"] + 30))) == []


def test_a_quiet_day_shows_no_sign(quiet):
    assert list(mix.reweighted(quiet)) == []
    assert isinstance(quiet.current, pd.DataFrame)
