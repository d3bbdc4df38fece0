from dataclasses import FrozenInstanceError
from datetime import UTC, datetime

import pytest

from ml.shelf import Served


def test_a_version_in_memory_never_changes():
    served = Served("tiny", 3, "run", datetime(2026, 1, 1, tzinfo=UTC), None, (("size", "double"),), (), "regression")
    with pytest.raises(FrozenInstanceError):
        served.version = 4  # type: ignore[misc]
