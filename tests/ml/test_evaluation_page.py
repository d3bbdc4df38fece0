from datetime import date

import pytest

from ml.evaluation_page import evaluation_page
from ml.records import (
    ColumnDrift,
    Comparison,
    DriftReport,
    Evaluation,
    Finding,
    Importance,
    Measurement,
    Score,
    SliceScore,
    Verdict,
)

DAY = date(2013, 6, 1)
ODD = "</script><script>alert(1)</script>"


def leaned(role, worse_by, spread, feature="temp"):
    return Importance(feature=feature, role=role, metric="log_loss", worse_by=worse_by, spread=spread)


def sliced(value, role, loss):
    return SliceScore(column="town", value=value, rows=1200, role=role, metrics={"log_loss": loss})


@pytest.fixture
def judged():
    roles = {"challenger": 0.41, "champion": 0.42, "baseline": 0.6}
    return Evaluation(
        pipeline="parcels",
        day=DAY,
        run_id="r",
        metric="log_loss",
        first=date(2013, 5, 27),
        last=date(2013, 5, 31),
        rows=10234,
        scores=[Score(role=role, how="so", metrics={"log_loss": loss}) for role, loss in roles.items()],
        slices=[
            *(sliced("Bonn", role, loss) for role, loss in roles.items()),
            *(sliced("Celle", role, loss) for role, loss in {**roles, "challenger": 0.5}.items()),
        ],
        champion_version=3,
        comparisons=[
            Comparison(
                role="champion",
                how="as served",
                metric="log_loss",
                worse_by=-0.01,
                interval=(-0.02, 0.001),
                level=0.95,
                blocks=5,
                block_days=1,
                rows=10234,
                version=3,
            )
        ],
        measurements=[Measurement(gate="budget", name="size", value=1.5, unit="MB", note="on disk")],
        importances=[leaned("challenger", 0.2, (0.19, 0.21)), leaned("champion", 0.1, (0.09, 0.11))],
    )


def verdict(*findings):
    return Verdict(
        pipeline="parcels",
        day=DAY,
        run_id="r",
        passed=all(found.passed for found in findings),
        objections=tuple(found.sentence for found in findings if not found.passed),
        gates=tuple(found.gate for found in findings),
        findings=findings,
    )


PASSED = Finding(gate="at_least", passed=True, sentence="the challenger's roc_auc is 0.7; at least 0.6 is required")
REFUSED = Finding(gate="slices", passed=False, sentence="town = Celle is worse by 0.08")


def test_the_page_says_first_what_happened(judged):
    page = evaluation_page(judged, verdict(PASSED, REFUSED), {})
    assert "<h1>parcels 2013-06-01: challenger refused</h1>" in page
    assert page.index("Refused: town = Celle is worse by 0.08.") < page.index("On the same held-out rows")
    assert "10,234 held-out rows of 2013-05-27 to 2013-05-31" in page


def test_a_comparison_stands_with_its_interval(judged):
    page = evaluation_page(judged, verdict(PASSED), {})
    assert "better by 0.01" in page
    assert "better by 0.02 to worse by 0.001 (95 %)" in page
    assert "champion (v3)" in page
    assert "5 days" in page


def test_every_gate_says_what_it_found(judged):
    page = evaluation_page(judged, verdict(PASSED, REFUSED), {})
    assert "at least 0.6 is required" in page
    assert '<tr class="warn"><td>slices</td><td>objects</td>' in page


def test_the_slice_that_loses_most_comes_first(judged):
    page = evaluation_page(judged, verdict(PASSED), {})
    assert page.index("town = Celle") < page.index("town = Bonn")
    assert "+0.0800" in page


def test_a_feature_that_moved_is_marked(judged):
    assert "+0.1000 (moved)" in evaluation_page(judged, verdict(PASSED), {})


def test_a_change_within_the_shuffles_is_not_marked(judged):
    close = [leaned("challenger", 0.2, (0.15, 0.25)), leaned("champion", 0.19, (0.14, 0.24))]
    page = evaluation_page(judged.model_copy(update={"importances": tuple(close)}), verdict(PASSED), {})
    assert "+0.0100" in page
    assert "(moved)" not in page


def test_a_feature_that_the_champion_does_not_have_is_told(judged):
    new = (*judged.importances, leaned("challenger", 0.3, (0.2, 0.4), "age"))
    page = evaluation_page(judged.model_copy(update={"importances": new}), verdict(PASSED), {})
    assert "no feature of it" in page


def test_what_gates_measured_stands_with_its_unit(judged):
    assert "1.5 MB" in evaluation_page(judged, verdict(PASSED), {})


def test_very_many_measurements_open_at_a_click(judged):
    many = judged.model_copy(update={"measurements": judged.measurements * 30})
    assert "<summary>30 measurements</summary>" in evaluation_page(many, verdict(PASSED), {})


def test_pictures_are_inside_the_page_and_the_telling_ones_first(judged):
    page = evaluation_page(judged, verdict(PASSED), {"confusion_matrix": b"b", "calibration": b"a"})
    assert page.index("data:image/png;base64,YQ==") < page.index("data:image/png;base64,Yg==")


def test_the_drift_of_the_day_stands_beside_it(judged):
    moved = ColumnDrift(column="temp", method="wasserstein", threshold=0.1, score=0.25, drifted=True)
    days = {"reference": (DAY, DAY), "current": (DAY, DAY), "reference_rows": 9, "current_rows": 9}
    report = DriftReport(pipeline="parcels", day=DAY, columns=(moved,), html="a.html", **days)
    page = evaluation_page(judged, verdict(PASSED), {}, report)
    assert "250%" in page
    assert "drift.html" in page
    assert "no drift check" in evaluation_page(judged, verdict(PASSED), {})


def test_an_old_evaluation_without_comparisons_still_has_a_page(judged):
    bare = {"comparisons": (), "measurements": (), "importances": (), "slices": (), "champion_version": None}
    page = evaluation_page(judged.model_copy(update=bare), verdict(PASSED).model_copy(update={"findings": ()}), {})
    assert "challenger passed" in page


def test_what_comes_from_data_is_escaped(judged):
    odd = {
        "slices": tuple(sliced(ODD, role, 0.5) for role in ("challenger", "champion")),
        "importances": (leaned("challenger", 0.1, (0.0, 0.2), ODD),),
        "measurements": (Measurement(gate="slices", name=ODD, of=ODD, value=1.0, unit=ODD, note=ODD),),
    }
    found = Finding(gate="slices", passed=False, sentence=ODD)
    assert "<script" not in evaluation_page(judged.model_copy(update=odd), verdict(found), {ODD: b"a"})
