"""Predictions by columns."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from ml.predictions.bundle import Bundle
from ml.predictions.segment import decode, encode
from ml.records import Prediction

AT = datetime(2013, 6, 2, 1, 30, tzinfo=UTC)
WHOLE = {
    "ids": ["1" * 32, "2" * 32],
    "pipeline": "late",
    "version": 3,
    "role": "canary",
    "caller": None,
    "at": AT,
    "key": {"flight": [7, None]},
    "event_times": [datetime(2013, 6, 1, 6, 10), None],
    "days": [date(2013, 6, 1), date(2013, 6, 2)],
    "probabilities": [0.25, 1e-300],
    "features": {"temp": [41.5, None], "town": ["é\n", "Bonn"]},
}


def test_each_row_is_a_prediction_as_if_it_had_been_made_alone():
    first, second = Bundle(**WHOLE).predictions()
    shared = {"pipeline": "late", "version": 3, "role": "canary", "caller": None, "at": AT}
    assert first == Prediction(
        id="1" * 32, key={"flight": 7}, event_time=datetime(2013, 6, 1, 6, 10), day=date(2013, 6, 1), probability=0.25,
        features={"temp": 41.5, "town": "é\n"}, **shared,
    )  # fmt: skip
    assert (second.key, second.features) == ({"flight": None}, {"temp": None, "town": "Bonn"})
    assert second.model_copy(update={"id": "3"}).model_dump() == second.model_dump() | {"id": "3"}
    assert Prediction.model_validate_json(first.model_dump_json()) == first


@pytest.mark.parametrize("features", [None, {}, {"sha256": ["a", "b"]}])
def test_a_bundle_comes_back_equal_among_single_predictions(predicted, tmp_path, features):
    bundle, alone = Bundle(**WHOLE | {"features": features}), predicted(2)
    (tmp_path / "1.jsonl").write_bytes(encode([alone[0], bundle, alone[1]]))
    assert list(decode(tmp_path / "1.jsonl")) == [alone[0], *bundle.predictions(), alone[1]]


@pytest.mark.parametrize("name", ["days", "probabilities", "event_times", "key", "features"])
def test_columns_of_another_length_are_damage(name):
    short = {"temp": [1.0]} if name in ("key", "features") else WHOLE[name][:1]
    with pytest.raises(ValidationError, match="not of one length"):
        Bundle(**WHOLE | {name: short})
