from datetime import date

from ml.drift_table import NEAREST, drift_table
from ml.records import ColumnDrift, DriftReport

DAY = date(2013, 5, 1)


def report(*columns):
    return DriftReport(
        pipeline="flights",
        day=DAY,
        reference=(DAY, DAY),
        current=(DAY, DAY),
        reference_rows=900,
        current_rows=90,
        columns=columns,
    )


def column(name, score=0.05, **more):
    return ColumnDrift(
        column=name, method="wasserstein", threshold=0.1, score=score, **{"drifted": score > 0.1, **more}
    )


def test_what_drifted_comes_first_and_says_how_far_it_went():
    table = drift_table(report(column("humid"), column("temp", 0.2)))
    assert table.index("temp") < table.index("humid")
    assert "200%" in table


def test_what_went_less_far_is_folded_away():
    table = drift_table(report(*(column(f"c{n}") for n in range(NEAREST + 3))))
    assert "3 more that went less far" in table


def test_a_column_that_could_not_be_compared_says_why():
    problem = "all values are null"
    gone = column("temp", 0.05, problem=problem).model_copy(update={"score": None})
    assert f"quiet: {problem}" in drift_table(report(gone))
