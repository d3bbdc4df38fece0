"""Values that mean the same on both databases."""

from datetime import datetime

import pytest

from ml.ledger.types import Utc, storable, utc_now


def test_this_moment_is_aware():
    assert utc_now().tzinfo is not None


def test_a_moment_without_a_zone_is_a_mistake():
    with pytest.raises(ValueError, match="no timezone"):
        Utc().process_bind_param(datetime(2026, 1, 1), None)


def test_what_postgres_refuses_in_text_is_replaced_wherever_it_stands():
    found = storable({"a\0": ["b\ud800", ("c", 1, None)]})
    assert found["a\ufffd"][1:] == [["c", 1, None]]
    found["a\ufffd"][0].encode()
