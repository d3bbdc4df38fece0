"""Columns that are not what they were, as parts of a mail."""

from ml.messages import moved
from ml.messages.drift import drift_parts, ordered
from ml.messages.letter import Letter
from ml.messages.plain import plain
from ml.records import ColumnDrift


def text(report):
    letter = Letter(report.pipeline, report.day, "warning", "it moved", "It moved.", "", "", drift_parts(report))
    return plain(letter)


def test_the_furthest_column_comes_first_and_those_that_could_not_be_compared_before_it(report):
    assert ordered(report)[0].column == "gone"
    assert [c.score for c in ordered(report)] == [None, 0.9, 0.6, 0.1]


def test_a_p_value_far_below_its_threshold_is_far_gone(report):
    low = ColumnDrift(column="low", method="ks", threshold=0.05, score=1e-200, drifted=True)
    columns = report.model_copy(update={"columns": (*report.columns, low)})
    assert [c.column for c in ordered(columns)][:2] == ["gone", "low"]


def test_a_column_with_a_problem_is_named_with_it(report):
    assert "- gone: it is not there" in text(report)


def test_of_very_many_columns_the_rest_is_counted(report):
    many = tuple(report.columns[0].model_copy(update={"column": f"c{n}"}) for n in range(50))
    assert "and 42 more that went less far" in text(report.model_copy(update={"columns": many}))


def test_a_column_that_a_detector_watches_goes_by_its_own_name(report):
    seen = ColumnDrift(column="novel: temp", method="novel", threshold=0.1, score=0.9, drifted=True)
    assert moved(report.model_copy(update={"columns": (*report.columns, seen)})).count("temp") == 1
