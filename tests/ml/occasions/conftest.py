"""A version that passed its gates, to be looked at."""

from datetime import UTC, date, datetime

import pytest

from ml.occasions import Case
from ml.records import ColumnDrift, Decision, DriftReport, Promotion, Score, SliceScore
from tests.judged import judged

DAY = date(2013, 1, 31)


def score(role, value, version=None):
    return Score(role=role, how="as served", metrics={"log_loss": value}, version=version)


def slice_score(role, value, rows=500, of="JFK"):
    return SliceScore(column="origin", value=of, rows=rows, role=role, metrics={"log_loss": value})


@pytest.fixture
def case():
    """A challenger at 0.50 beside champion 7 at 0.51; keywords change scores, slices and what it comes from."""

    def of(challenger=0.50, champion=0.51, slices=(), **more):
        scores = [score("challenger", challenger)]
        scores += [score("champion", champion, 7)] if champion is not None else []
        evaluation = judged(
            DAY,
            pipeline="flights",
            rows=900,
            scores=tuple(scores),
            slices=tuple(slices),
            champion_version=7 if champion is not None else None,
        )
        decision = Decision(pipeline="flights", day=DAY, retrain=True)
        return Case(**{"evaluation": evaluation, "decision": decision, "features": ("a", "b"), "window": 28, **more})

    return of


@pytest.fixture
def report():
    """A drift check of one column."""

    def of(alarm):
        column = ColumnDrift(column="carrier", method="psi", threshold=0.1, score=1.0, drifted=alarm)
        return DriftReport(
            pipeline="flights",
            day=DAY,
            reference=(DAY, DAY),
            current=(DAY, DAY),
            reference_rows=1,
            current_rows=1,
            columns=(column,),
            alarm=alarm,
        )

    return of


@pytest.fixture
def newest():
    """What put a version into Production."""

    def of(kind):
        at = datetime(2013, 1, 30, tzinfo=UTC)
        return Promotion(
            pipeline="flights",
            day=DAY,
            version=6,
            previous=7,
            run_id="r",
            snapshot="s",
            at=at,
            by="ada",
            kind=kind,
            why="late flights look early",
        )

    return of
