"""The mail about columns that are not what they were."""

from ml.messages import drift_alert
from ml.messages.drift import ordered
from ml.records import ColumnDrift


def test_the_subject_counts_the_columns_and_says_what_is_done(report, decision, links):
    assert drift_alert(report, decision, links).subject == "flights drifted: 3 of 4 columns, a retrain has started"


def test_the_furthest_column_comes_first_and_those_that_could_not_be_compared_before_it(report):
    assert ordered(report)[0].column == "gone"
    assert [c.score for c in ordered(report)] == [None, 0.9, 0.6, 0.1]


def test_a_p_value_far_below_its_threshold_is_far_gone(report):
    low = ColumnDrift(column="low", method="ks", threshold=0.05, score=1e-200, drifted=True)
    moved = report.model_copy(update={"columns": (*report.columns, low)})
    assert [c.column for c in ordered(moved)][:2] == ["gone", "low"]


def test_a_column_with_a_problem_is_named_with_it(report, decision, links):
    assert "- gone: it is not there" in drift_alert(report, decision, links).text


def test_what_held_a_retrain_back_is_said(report, decision, links):
    held = decision.model_copy(update={"retrain": False, "against": ("another one runs",)})
    alert = drift_alert(report, held, links)
    assert "no retrain has started" in alert.subject
    assert "- another one runs" in alert.text


def test_a_picture_is_shown_where_there_is_one(report, decision, links):
    alert = drift_alert(report, decision, links, (("scores", "a.png"),))
    assert "cid:scores" in alert.html
    assert "cid:" not in drift_alert(report, decision, links).html


def test_a_column_name_from_upstream_runs_nothing(report, decision, links):
    assert "<script" not in drift_alert(report, decision, links).html


def test_of_very_many_columns_the_rest_is_counted(report, decision, links):
    many = tuple(report.columns[0].model_copy(update={"column": f"c{n}"}) for n in range(50))
    assert "and 30 more" in drift_alert(report.model_copy(update={"columns": many}), decision, links).text


def test_a_rerun_has_the_same_key(report, decision, links):
    assert drift_alert(report, decision, links).key == "flights/2013-01-31/drift"
