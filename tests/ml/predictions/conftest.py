"""Predictions of a pipeline that needs no rows."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ml.predictions.ids import new_id
from ml.records import Prediction


@pytest.fixture
def predicted() -> Callable[..., list[Prediction]]:
    """Makes so many predictions of ``late``."""

    def make(count: int = 1, **more: Any) -> list[Prediction]:
        usual: dict[str, Any] = {
            "pipeline": "late",
            "version": 3,
            "role": "production",
            "caller": "desk",
            "at": datetime(2013, 2, 1, 5, 0, tzinfo=UTC),
            "event_time": datetime(2013, 2, 1, 6, 0),
            "day": date(2013, 2, 1),
            "probability": 0.25,
        }
        return [Prediction(id=new_id(), key={"flight": n}, **usual | more) for n in range(count)]

    return make
