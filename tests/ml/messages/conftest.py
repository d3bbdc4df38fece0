"""One night's records, with values that somebody upstream made up to hurt."""

from datetime import UTC, date, datetime

import pytest

from ml.messages import Links
from ml.records import (
    Batch,
    ColumnDrift,
    Decision,
    DriftReport,
    Evaluation,
    Promotion,
    Reason,
    Score,
    SliceScore,
    Verdict,
    Violation,
)

DAY = date(2013, 1, 31)
NASTY = "</script><script>alert(1)</script>"


@pytest.fixture
def links() -> Links:
    return Links("http://airflow.example/dags/a?b=1&c=2", "http://mlflow.example/#/runs/r1")


@pytest.fixture
def decision() -> Decision:
    reasons = (
        Reason(kind="schedule", sentence="1 day since the last retrain; due every 1 day"),
        Reason(kind="drift", sentence=f"2 of 4 columns drifted: temp, {NASTY}"),
    )
    return Decision(pipeline="flights", day=DAY, retrain=True, reasons=reasons)


@pytest.fixture
def report() -> DriftReport:
    columns = (
        ColumnDrift(column="calm", method="wasserstein", threshold=0.5, score=0.1, drifted=False),
        ColumnDrift(column="temp", method="wasserstein", threshold=0.5, score=0.6, drifted=True),
        ColumnDrift(column=NASTY, method="psi", threshold=0.1, score=0.9, drifted=True),
        ColumnDrift(column="gone", method="psi", threshold=0.1, score=None, drifted=True, problem="it is not there"),
    )
    return DriftReport(
        pipeline="flights",
        day=DAY,
        reference=(date(2012, 12, 1), date(2013, 1, 24)),
        current=(date(2013, 1, 25), DAY),
        reference_rows=45000,
        current_rows=6120,
        columns=columns,
        alarm=True,
    )


@pytest.fixture
def batch() -> Batch:
    violations = (
        Violation(column="carrier", rule="allowed", rows=17, sentence=f"17 rows hold '{NASTY}'"),
        Violation(column="distance", rule="range", rows=300, sentence="300 rows lie outside 0 to 6000"),
        Violation(column=None, rule="min_rows", rows=0, sentence="893 rows < 1000", stops=True),
    )
    return Batch(
        pipeline="flights", day=DAY, rows=893, uri="u", fingerprint="f" * 64, state="quarantined", violations=violations
    )


@pytest.fixture
def evaluation() -> Evaluation:
    def score(role, version, **metrics):
        return Score(role=role, how=f"how the {role} was made", version=version, metrics=metrics)

    def piece(value, role, log_loss):
        return SliceScore(column="carrier", value=value, rows=31, role=role, metrics={"log_loss": log_loss})

    return Evaluation(
        pipeline="flights",
        day=DAY,
        run_id="r1",
        metric="log_loss",
        first=date(2013, 1, 25),
        last=DAY,
        rows=6120,
        champion_version=11,
        scores=(
            score("challenger", None, roc_auc=0.71, log_loss=0.49312),
            score("champion", 11, roc_auc=0.70, log_loss=0.49671),
            score("baseline", None, roc_auc=float("nan"), log_loss=0.5211),
        ),
        slices=(
            *(piece("AA", "challenger", 0.4), piece("AA", "champion", 0.45)),
            *(piece(NASTY, "challenger", 0.5), piece(NASTY, "champion", 0.45)),
            *(piece("UA", "challenger", 0.6), piece("UA", "champion", 0.45)),
        ),
    )


@pytest.fixture
def passed() -> Verdict:
    return Verdict(pipeline="flights", day=DAY, run_id="r1", passed=True, gates=("at_least",), champion_version=11)


@pytest.fixture
def refused(passed: Verdict) -> Verdict:
    objections = ("the challenger's log_loss is 0.51; at most 0.5 is allowed", "it is worse than the champion")
    return passed.model_copy(update={"passed": False, "objections": objections})


@pytest.fixture
def promotion() -> Promotion:
    now = datetime.now(UTC)
    return Promotion(pipeline="flights", day=DAY, version=12, previous=11, run_id="r1", snapshot="9c" * 32, at=now)
