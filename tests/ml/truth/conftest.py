"""Nights of ``tiny`` with labels that come late, or never, and a version that scores every coming day."""

from datetime import date, timedelta

import pytest

from tests import served, tiny

FIRST = date(2013, 5, 21)
NIGHTS = [FIRST + timedelta(days=n) for n in range(10)]


def night(place, day, worse=None):
    """The rows of the days around as they are known in the night of ``day``; then the night as far as outcomes go.

    One parcel in ten never gets a label, one in ten gets it a day late. On days in ``worse`` outcomes are turned round.
    """
    import polars as pl

    from ml import lines, steps
    from ml.walker import InProcess

    data = place.pipelines.parent.parent / "data"
    for each in (day + timedelta(days=n) for n in (-1, 0, 1)):
        path = tiny.write_day(data, each)
        rows = pl.read_parquet(path)
        hidden = pl.col("parcel") % 10 == 0
        if each >= day:
            hidden |= pl.col("parcel") % 10 == 1
        late = 1 - pl.col("late") if worse and each in worse else pl.col("late")
        rows.with_columns(late=pl.when(hidden).then(None).otherwise(late)).write_parquet(path)
    do = InProcess(place.run("tiny", day))
    batch = do(steps.validate, do(steps.pull))
    matured = do(steps.mature, batch)
    lines.score(do)
    return matured


@pytest.fixture(scope="session")
def truth(tmp_path_factory):
    """A workspace after ten such nights, and what each night said; only to be read."""
    from ml.workspace import Workspace

    folder = tmp_path_factory.mktemp("truth")
    place = Workspace.apart(folder / "apart", served.write(folder / "tiny"))
    served.serve(place, day=FIRST - timedelta(days=1))
    return place, {day: night(place, day) for day in NIGHTS}
