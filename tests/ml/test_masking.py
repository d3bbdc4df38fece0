"""Equal values stay equal, and nobody guesses them."""

from datetime import datetime

import pytest

from ml.errors import ConfigError
from ml.masking import Mask

MASK = Mask.of(["tail"], "key")


def test_equal_values_are_masked_alike_and_others_differently():
    masked = [MASK({"tail": tail, "n": 1}) for tail in ("N1", "N1", "N2")]
    assert masked[0] == masked[1] != masked[2]
    assert masked[0]["tail"].startswith("masked:")
    assert masked[0]["n"] == 1


def test_another_key_or_column_gives_another_hash():
    other = Mask.of(["tail"], "another")({"tail": "N1"})["tail"]
    assert len({MASK({"tail": "N1"})["tail"], other, Mask.of(["name"], "key")({"name": "N1"})["name"]}) == 3


def test_nothing_stays_nothing():
    assert MASK({"tail": None}) == {"tail": None}


def test_a_time_is_masked_as_its_text():
    assert MASK({"tail": datetime(2013, 1, 1, 6)}) == MASK({"tail": "2013-01-01T06:00:00"})


def test_without_a_key_nothing_is_masked():
    with pytest.raises(ConfigError, match="tail are to be masked, but NIGHTSHIFT_MASKING_KEY is not set"):
        Mask.of(["tail"], None)
    assert Mask.of([], None)({"tail": "N1"}) == {"tail": "N1"}


def test_the_key_is_not_in_the_repr():
    assert "key='" not in repr(MASK)
