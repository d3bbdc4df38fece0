"""The arithmetic on counts, held against a real Evidently report on the rows."""

import numpy
import pandas
import polars as pl
import pytest

from ml.detectors.counts import Merged, numbers, words
from ml.detectors.distances import distance
from ml.drift import EvidentlyDrift
from ml.drift.methods import METHODS

RNG = numpy.random.default_rng(3)
NUMBERS = {
    "smooth": (RNG.normal(size=3000), RNG.normal(0.2, 1.1, 900)),
    "steps": (RNG.integers(0, 12, 3000).astype(float), RNG.integers(1, 14, 900).astype(float)),
    "heavy": (RNG.pareto(1.5, 3000), RNG.pareto(1.3, 900)),
    "with gaps": (numpy.where(RNG.random(3000) < 0.1, numpy.nan, RNG.normal(size=3000)), RNG.normal(size=900)),
    "constant": (numpy.full(3000, 5.0), numpy.full(900, 5.0)),
    "apart": (RNG.normal(size=3000), RNG.normal(50, 1, 900)),
}
WORDS = {
    "few": (RNG.choice(["a", "b", "c"], 3000), RNG.choice(["a", "b", "c", "d"], 900)),
    "many": (RNG.integers(0, 700, 3000).astype(str), RNG.integers(0, 700, 900).astype(str)),
    "apart": (numpy.full(3000, "a"), numpy.full(900, "b")),
}
CASES = [(m.name, "numerical", k) for m in METHODS.values() if "numerical" in m.kinds for k in NUMBERS]
CASES += [(m.name, "categorical", k) for m in METHODS.values() if "categorical" in m.kinds for k in WORDS]


@pytest.mark.integration
@pytest.mark.filterwarnings("ignore:Precision loss")
@pytest.mark.parametrize(("method", "kind", "case"), CASES, ids=lambda word: word.replace(" ", "-"))
def test_it_is_evidently_s_own_score(method, kind, case) -> None:
    before, after = (NUMBERS if kind == "numerical" else WORDS)[case]
    check = {
        "method": method,
        "threshold": METHODS[method].limit / 2 if METHODS[method].limit < 9 else 0.1,
        "kind": kind,
    }
    plan = EvidentlyDrift(columns={"x": check}, min_rows=100)
    (entry,) = plan.compare(pandas.DataFrame({"x": before}), pandas.DataFrame({"x": after})).columns
    counted = numbers if kind == "numerical" else words
    merged = Merged.of([counted(pl.Series(side)) for side in (before, after)])
    score = distance(method, merged.values, merged.together([0]), merged.together([1]), kind == "numerical")
    if entry.score is None:
        assert numpy.isnan(score)
    else:
        assert score == pytest.approx(entry.score, rel=1e-9, abs=2e-7)


def test_nothing_on_one_side_is_no_score() -> None:
    assert numpy.isnan(distance("wasserstein", numpy.array([1.0]), numpy.array([0.0]), numpy.array([3.0]), True))
