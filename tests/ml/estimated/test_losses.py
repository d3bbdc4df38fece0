from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from ml.estimated.losses import LossModel


@pytest.mark.parametrize("metric", ["mae", "rmse"])
def test_where_errors_are_large_they_are_foretold_to_be_large(metric):
    rng = np.random.default_rng(0)
    rows = 3000
    town = rng.choice(["far", "near"], rows)
    at = [datetime(2013, 1, 1) + timedelta(hours=int(h)) for h in rng.integers(0, 999, rows)]
    inputs = pl.DataFrame({"town": town, "at": at, "open": rng.random(rows) < 0.5, "weight": rng.random(rows)})
    prediction = rng.normal(size=rows)
    labels = prediction + np.where(town == "far", 3.0, 0.5) * rng.normal(size=rows)
    model = LossModel.fit(metric, inputs, prediction, labels)
    real = {"mae": 3.0 * (2 / np.pi) ** 0.5, "rmse": 3.0}[metric]
    far = inputs["town"] == "far"
    assert model.expected(inputs.filter(far), prediction[far.to_numpy()]) == pytest.approx(real, rel=0.1)
    assert model.expected(inputs.filter(~far), prediction[~far.to_numpy()]) == pytest.approx(real / 6, rel=0.25)
