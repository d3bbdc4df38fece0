"""Predictions as lines."""

import math

import pytest

from ml.errors import DataError
from ml.predictions.segment import decode, encode


def test_predictions_come_back_equal(predicted, tmp_path):
    kept = predicted(3, features={"temp": 41.5, "carrier": "é\n", "dewp": None})
    (tmp_path / "1.jsonl").write_bytes(encode(kept))
    assert list(decode(tmp_path / "1.jsonl")) == kept


def test_nothing_is_an_empty_segment(tmp_path):
    (tmp_path / "1.jsonl").write_bytes(encode([]))
    assert list(decode(tmp_path / "1.jsonl")) == []


@pytest.mark.parametrize(
    ("given", "read"), [(math.nan, None), (math.inf, None), ("\ud800", 3 * "\ufffd"), (2**70, 2**70), ("a\0", "a\0")]
)
def test_what_json_cannot_hold_is_kept_as_near_as_it_can_be(predicted, tmp_path, given, read):
    (tmp_path / "1.jsonl").write_bytes(encode(predicted(features={"x": given})))
    assert [p.features for p in decode(tmp_path / "1.jsonl")] == [{"x": read}]


def test_a_line_that_a_killed_process_left_half_written_is_passed_over(predicted, tmp_path, caplog):
    kept = predicted(2)
    (tmp_path / "1.jsonl").write_bytes(encode(kept)[:-5])
    assert list(decode(tmp_path / "1.jsonl")) == kept[:1]
    assert "unfinished line" in caplog.text


def test_a_damaged_line_is_named(predicted, tmp_path):
    lines = encode(predicted(3)).split(b"\n")
    (tmp_path / "1.jsonl").write_bytes(b"\n".join([lines[0], lines[1][:20], *lines[2:]]))
    with pytest.raises(DataError, match=r"line 2 of .*1\.jsonl is no prediction"):
        list(decode(tmp_path / "1.jsonl"))
