from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from ml.estimated import Day

FIRST = date(2013, 1, 1)


@pytest.fixture
def year():
    """Makes days of rows whose score is their chance of a 1, but for what each day has of its own."""

    def of(days=120, rows=200, own=0.3, seed=0):
        rng = np.random.default_rng(seed)
        made = []
        for number in range(days):
            size = rng.normal(20, 4, rows)
            logit = (size - 20) / 3 - 1
            truth = rng.random(rows) < 1 / (1 + np.exp(-logit - own * rng.normal()))
            made.append(
                Day(
                    day=FIRST + timedelta(days=number),
                    scores=1 / (1 + np.exp(-logit)),
                    labels=truth.astype("float64"),
                    inputs=pl.DataFrame({"size": size, "town": rng.choice(["Bonn", "Celle"], rows)}),
                )
            )
        return made

    return of
