"""``tiny`` with two versions, the second of the newer rows, and three days that matured under it."""

from datetime import date, timedelta

import pytest

from tests import served, tiny

FIRST = date(2013, 5, 21)
DAYS = [FIRST + timedelta(days=n) for n in range(6)]
PROMOTED = DAYS[2]


def pulled(place, day):
    """A day's rows, accepted."""
    from ml import steps
    from ml.walker import InProcess

    do = InProcess(place.run("tiny", day))
    return do(steps.validate, do(steps.pull))


@pytest.fixture(scope="session")
def worth(tmp_path_factory):
    """A workspace with version 1 since before ``FIRST``, version 2 since ``PROMOTED``, and six days, not weighed."""
    from ml.workspace import Workspace

    folder = tmp_path_factory.mktemp("worth")
    place = Workspace.apart(folder / "apart", served.write(folder / "tiny"))
    served.serve(place, 1, FIRST - timedelta(days=1), tiny.FIRST + timedelta(days=2))
    served.serve(place, 2, PROMOTED, tiny.FIRST + timedelta(days=18))
    pulled(place, DAYS[-1])
    return place


@pytest.fixture
def fresh(worth, tmp_path):
    """The same with a ledger of its own, so that a test may weigh."""
    from dataclasses import replace

    from ml.ledger import Ledger
    from tests.nights import copy_database

    copy_database(worth.ledger.database.file, tmp_path / "ledger.db")
    return replace(worth, ledger=Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}"))
