"""Evidently's pictures, filled: the same page as if it had drawn each anew."""

from contextlib import nullcontext

import numpy
import pandas
import pytest

from ml.drift import EvidentlyDrift, pictures

METHODS = {"number": "wasserstein", "steps": "ks", "word": "psi", "lone": "kl_div", "<b> & 'c'": "jensenshannon"}
CHECK = EvidentlyDrift(min_rows=30, columns={name: {"method": m, "threshold": 0.1} for name, m in METHODS.items()})


def frame(seed: int, rows: int = 700) -> pandas.DataFrame:
    rng = numpy.random.default_rng(seed)
    found = pandas.DataFrame(
        {
            "number": rng.normal(seed, 1 + seed, rows),
            "steps": rng.integers(0, 5, rows),
            "word": rng.choice(["a", "b", "<script>", "ü"], rows, p=[0.5, 0.3, 0.1, 0.1]),
            "lone": ["one"] * rows,
            "<b> & 'c'": rng.choice(["x", "y"], rows),
        }
    )
    found.loc[::7, ["number", "word"]] = None
    return found


@pytest.mark.parametrize("sides", [(frame(0), frame(1)), (frame(1), frame(1)), (frame(0), frame(2, rows=31))])
def test_a_page_is_the_same_to_the_last_character(monkeypatch, sides) -> None:
    quick = CHECK.compare(*sides)
    monkeypatch.setattr(pictures, "filled", nullcontext)
    own = CHECK.compare(*sides)
    assert quick.html is not None
    assert quick == own


def test_elsewhere_evidently_draws_as_ever() -> None:
    from evidently.legacy.utils import visualizations as own
    from evidently.metrics import column_statistics as report

    with pictures.filled():
        assert report.plot_agg_line_data is not own.plot_agg_line_data
    assert report.plot_agg_line_data is own.plot_agg_line_data
    assert report.plot_distr_with_perc_button is own.plot_distr_with_perc_button
