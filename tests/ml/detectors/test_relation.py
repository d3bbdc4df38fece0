import numpy
import polars as pl
import pytest

from ml.detectors import Relation


@pytest.mark.parametrize("column", ["heat", "damp"])
def test_a_value_that_is_ordinary_alone_is_impossible_beside_the_others(scored, column) -> None:
    """Shuffled within the day, a column keeps its distribution and loses its company."""
    found = scored(Relation(), lambda frame: frame.with_columns(pl.col(column).reverse()))
    values = found[f"relation: {column}"]
    assert values[-1] > 1.5 * values[:-1].max()


def test_the_score_is_that_of_a_line_fitted_to_the_rows(scored, days) -> None:
    from sklearn.linear_model import Ridge

    from tests.ml.detectors.conftest import rows

    past, today = pl.concat([rows(d) for d in days[25:39]]), rows(days[39])

    def table(frame):
        return numpy.column_stack([frame["at"].dt.hour().cast(int) * 60 + frame["at"].dt.minute(), frame["damp"]])

    x, y = table(past), past["heat"].to_numpy()
    middle, size, unit = x.mean(0), x.std(0), y.std()
    line = Ridge(alpha=1e-3 * len(y), fit_intercept=True).fit((x - middle) / size, y / unit)
    before, after = (
        numpy.sqrt(((f["heat"].to_numpy() / unit - line.predict((table(f) - middle) / size)) ** 2).mean())
        for f in (past, today)
    )
    assert scored(Relation(columns=("heat",)))["relation: heat"][-1] == pytest.approx(after / before, rel=1e-6)


def test_gaps_in_the_others_stand_in_the_middle(scored) -> None:
    def gaps(frame):
        third = pl.int_range(frame.height) % 3 == 0
        return frame.with_columns(damp=pl.when(third).then(None).otherwise("damp"))

    found = scored(Relation(), gaps, last=20)
    assert numpy.isfinite(found["relation: heat"]).all()


def test_one_column_alone_has_no_relation(scored) -> None:
    from ml.detectors import Place

    assert scored(Relation(), place=Place("at", {"heat": "numerical"})) == {}
