"""What the lake gives to learn from."""

from datetime import date, timedelta

import pytest

from ml import steps
from ml.errors import NoData
from ml.suggestion.evidence import gather
from ml.walker import InProcess
from tests.tiny import FIRST, write_day

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 1)


def test_only_accepted_days_are_learned_from(workspace, tiny):
    write_day(tiny.parent / "data", DAY, rows=5)
    write_day(tiny.parent / "data", DAY - timedelta(days=1), heavier=99)
    do = InProcess(workspace.run("tiny", DAY))
    do(steps.validate, do(steps.pull))
    found = gather(workspace.run("tiny", DAY))["tiny"]
    assert [found.days[0][0], found.days[-1][0]] == [FIRST, DAY - timedelta(days=2)]
    assert found.rows.height == 60 * len(found.days)
    assert found.whole == "1,800 rows of 30 days"


def test_a_lake_without_an_accepted_day_teaches_nothing(workspace):
    with pytest.raises(NoData, match="tiny: no accepted day in the lake; run `nightshift nightly tiny` first"):
        gather(workspace.run("tiny", DAY))
