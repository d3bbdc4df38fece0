from datetime import date

import pytest

from ml.drift.picture import drift_bars
from ml.records import ColumnDrift, DriftReport

pytestmark = pytest.mark.integration

DAYS = (date(2013, 9, 24), date(2013, 9, 30))


def report(*columns: ColumnDrift) -> DriftReport:
    return DriftReport(
        pipeline="flights",
        day=DAYS[1],
        reference=DAYS,
        current=DAYS,
        reference_rows=50_000,
        current_rows=6_000,
        columns=columns,
    )


def column(name="temp", method="wasserstein", score=0.2, problem=None, drifted=False) -> ColumnDrift:
    return ColumnDrift(column=name, method=method, threshold=0.1, score=score, drifted=drifted, problem=problem)


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def test_the_same_report_is_the_same_picture() -> None:
    assert drift_bars(report(column())) == drift_bars(report(column()))


def test_a_picture_grows_with_its_columns_and_keeps_its_width() -> None:
    few, many = size(drift_bars(report(column()))), size(drift_bars(report(*(column(f"c{n}") for n in range(30)))))
    assert few[0] == many[0]
    assert few[1] < many[1]


@pytest.mark.parametrize(
    "odd",
    [
        column(name="$a$ \\frac{ $ _^"),
        column(name="日本語 🙂"),
        column(name="line\nbreak " * 20),
        column(score=None, problem="3 values are $5 and $6 \\bad{" * 9, drifted=True),
        column(score=0.0),
        column(score=float("inf"), drifted=True),
        column(score=1e12, drifted=True),
        column(method="ks", score=0.0, drifted=True),
        column(method="ks", score=1.0),
        column(problem="null or infinite: 0% and 50%", drifted=True),
    ],
    ids=lambda odd: repr(odd.column[:12]) + odd.method,
)
def test_whatever_stands_in_a_report_can_be_drawn(odd) -> None:
    assert size(drift_bars(report(odd, column())))


def test_a_report_without_columns_can_be_drawn() -> None:
    assert size(drift_bars(report()))
