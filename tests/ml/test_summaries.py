"""What is kept of a day says what the day said."""

import hashlib
import logging
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy
import polars as pl
import pytest

from ml import summaries
from ml.detectors import ROSTER, Frozen, Steady
from ml.detectors.windows import nights
from ml.drift.checks import ColumnCheck
from ml.drift.replay import Replay
from ml.lake import Lake
from ml.records import Batch
from tests.ml.detectors.conftest import ANSWERED, rows

DAYS = [date(2013, 3, 1) + timedelta(days=n) for n in range(20)]
CHECKS = {
    "heat": ColumnCheck(method="wasserstein"),
    "damp": ColumnCheck(method="psi", kind="numerical"),
    "town": ColumnCheck(method="jensenshannon"),
}
DETECTORS = tuple(m(by="town", columns=("heat",)) if m in (Frozen, Steady) else m() for m in ROSTER)
PLACE = replace(ANSWERED, predict=lambda frame: frame["heat"].to_numpy() / 100, champion="models:/m-1")
REPLAY = Replay(CHECKS, DETECTORS, 50, PLACE)
# of the rows that these tests make; it changes with what a summary holds, and then COUNTED must change too
HELD = (1, "d292ac7812748fac")


def batch(of: str = "a") -> Batch:
    digest = hashlib.sha256(of.encode()).hexdigest()
    return Batch(pipeline="p", day=DAYS[0], rows=9, uri="p/accepted/x.parquet", fingerprint=digest)


def files(lake: Lake) -> list[Path]:
    return sorted((lake.root / "p" / "summaries").rglob("*.parquet"))


def kept(replay: Replay, day: date):
    counted, answered = replay.counted(rows(day)), replay.answered(rows(day))
    back = [summaries.unpacked(summaries.packed(part)) for part in (counted, answered)]
    return replay.put_together(day, *back)


def test_nights_scored_from_what_was_kept_are_those_scored_from_rows() -> None:
    fresh = REPLAY.scores([REPLAY.day(day, rows(day)) for day in DAYS], nights(DAYS, 14, 1))
    again = REPLAY.scores([kept(REPLAY, day) for day in DAYS], nights(DAYS, 14, 1))
    assert {name: list(values) for name, values in fresh.items()} == {name: list(v) for name, v in again.items()}
    assert set(again) == set(REPLAY.scales())


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.kind)
@pytest.mark.parametrize("frame", [rows(DAYS[0]), rows(DAYS[0]).clear(), rows(DAYS[0]).drop("town")], ids=len)
def test_the_summary_of_every_detector_comes_back_as_it_was(detector, frame) -> None:
    if detector.asks and frame.is_empty():
        frame = rows(DAYS[1])
    first = summaries.packed(detector.summary(frame, PLACE))
    assert summaries.packed(summaries.unpacked(first)).equals(first)
    assert type(summaries.unpacked(first)) is type(detector.summary(frame, PLACE))


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.kind)
def test_beside_the_columns_a_detector_keeps_what_it_keeps_alone(detector) -> None:
    columns = {"heat": REPLAY.counted(rows(DAYS[0]))[0]["heat"]}
    alone, beside = detector.summary(rows(DAYS[0]), PLACE), detector.summary_beside(rows(DAYS[0]), PLACE, columns)
    assert summaries.packed(beside).equals(summaries.packed(alone))


@pytest.mark.parametrize("odd", ["", "ä\n€", "null", "a" * 5000])
def test_words_are_kept_letter_by_letter(odd) -> None:
    words = numpy.array([odd, "b", odd], dtype=object)
    assert list(summaries.unpacked(summaries.packed({odd: (words, odd)}))[odd][0]) == [odd, "b", odd]


def test_numbers_are_kept_to_the_last_bit() -> None:
    numbers = numpy.array([0.1 + 0.2, -0.0, 5e-324, numpy.nan, numpy.inf, 1e150])
    assert summaries.unpacked(summaries.packed((numbers,)))[0].tobytes() == numbers.tobytes()
    assert summaries.unpacked(summaries.packed((0.1 + 0.2, 3, None))) == (0.1 + 0.2, 3, None)
    assert summaries.unpacked(summaries.packed((numbers.reshape(2, 3),)))[0].shape == (2, 3)


@pytest.mark.parametrize("odd", [object(), [1], numpy.array([1]), numpy.int64(1)], ids=lambda v: type(v).__name__)
def test_what_it_cannot_keep_it_refuses(odd) -> None:
    with pytest.raises(TypeError, match="a summary cannot keep"):
        summaries.packed({"x": odd})


def test_a_day_is_counted_once(tmp_path) -> None:
    lake, count = Lake(tmp_path), Counting()
    asked = summaries.asking("these settings")
    assert [summaries.summary_of(lake, batch(), asked, count) for _ in range(3)] == [(1,)] * 3
    assert len(files(lake)) == 1


def test_other_rows_and_other_settings_are_counted_anew(tmp_path) -> None:
    lake, count = Lake(tmp_path), Counting()
    one, other = summaries.asking("these settings"), summaries.asking("those")
    found = [
        summaries.summary_of(lake, *asked, count) for asked in ((batch(), one), (batch("b"), one), (batch(), other))
    ]
    assert found == [(1,), (2,), (3,)]
    assert summaries.summary_of(lake, batch(), one, count) == (1,)


@pytest.mark.parametrize("spoil", [lambda data: b"", lambda data: data[:-1], lambda data: data[:-9] + b"x" + data[-8:]])
def test_a_summary_that_is_damaged_is_counted_again_and_told(tmp_path, caplog, spoil) -> None:
    lake = Lake(tmp_path)
    summaries.summary_of(lake, batch(), "a" * 64, lambda: (7,))
    (file,) = files(lake)
    whole = file.read_bytes()
    file.write_bytes(spoil(whole))
    with caplog.at_level(logging.WARNING):
        assert summaries.summary_of(lake, batch(), "a" * 64, lambda: (7,)) == (7,)
    assert "is damaged" in caplog.text
    assert "made again" in caplog.text
    assert file.read_bytes() == whole


def test_what_is_counted_changes_with_its_number() -> None:
    parts = [summaries.packed(REPLAY.counted(rows(day))) for day in DAYS[:2]]
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part["outline"][0].encode())
        digest.update(" ".join(f"{number:.6g}" for number in part["numbers"][0]).encode())
        digest.update("\n".join(part["words"][0]).encode())
    assert (summaries.COUNTED, digest.hexdigest()[:16]) == HELD


class Counting:
    """Counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> tuple[int]:
        self.times += 1
        return (self.times,)


def test_another_polars_may_write_numbers_otherwise(monkeypatch) -> None:
    before = summaries.asking("x")
    monkeypatch.setattr(pl, "__version__", "99.0")
    assert summaries.asking("x") != before
