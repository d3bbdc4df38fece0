"""A calibration of too few nights is not ready."""

from datetime import date

import pytest

from ml.records import Calibration

DAY = date(2013, 1, 31)


@pytest.mark.parametrize(("uri", "ready"), [(None, False), ("calibrations/1.json", True)])
def test_a_calibration_is_ready_once_it_lies_in_the_lake(uri, ready):
    what = {"settings": "s", "calendar": "c", "data": "d", "code_version": "1", "sentence": "1 alarm in 90 nights"}
    calibration = Calibration(
        pipeline="p", day=DAY, asked=90, first=DAY, last=DAY, nights=90, blocks=6, uri=uri, expires=DAY, **what
    )
    assert calibration.ready == ready
