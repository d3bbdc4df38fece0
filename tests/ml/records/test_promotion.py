"""Who enters Production without more is a promotion by the platform itself."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from ml.records import Promotion

ABOUT = {"pipeline": "p", "day": date(2013, 1, 31), "version": 2, "previous": 1, "run_id": "r", "snapshot": "s"}
AT = datetime(2013, 2, 1, tzinfo=UTC)


def test_a_move_is_a_promotion_by_nightshift_unless_it_says_otherwise():
    promotion = Promotion(**ABOUT, at=AT)
    assert (promotion.kind, promotion.by, promotion.why) == ("promotion", "nightshift", "")


def test_a_version_enters_production_in_one_of_four_ways():
    with pytest.raises(ValidationError, match="'promotion', 'rollback', 'outside' or 'revert'"):
        Promotion(**ABOUT, at=AT, kind="accident")
