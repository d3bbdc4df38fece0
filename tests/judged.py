"""What ``evaluate`` found in a night, as far as a test needs it."""

from datetime import date
from typing import Any

from ml.records import Evaluation


def judged(day: date, **more: Any) -> Evaluation:
    """An evaluation of ``tiny`` on the rows of this one day, without scores; keywords change it and add to it."""
    plain = {"pipeline": "tiny", "run_id": "r", "metric": "log_loss", "first": day, "last": day, "rows": 9}
    return Evaluation.model_validate(plain | {"day": day, "scores": ()} | more)
