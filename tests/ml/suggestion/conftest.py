from datetime import date, datetime, timedelta

import polars as pl
import pytest

from ml.contract import Contract
from ml.sources import FilesSource
from ml.suggestion.evidence import Evidence

FIRST = datetime(2013, 1, 1)


@pytest.fixture
def evidence():
    """What a table of forty days of hourly weather in two towns teaches; keywords replace or add columns."""

    def of(contract=None, refused=0, days=40, **columns):
        hours = [FIRST + timedelta(hours=n) for n in range(24 * days)]
        rows = pl.DataFrame({"town": ["Aachen"] * len(hours) + ["Bonn"] * len(hours), "hour": hours * 2})
        warm = pl.int_range(pl.len()) % 24
        rows = rows.with_columns(
            temp=(warm - 12).abs() * 0.5 + 40.0, visib=pl.when(warm < 20).then(10.0).otherwise(warm / 4)
        )
        source = FilesSource(path="w.csv", event_time="hour", key=("town", "hour"))
        return Evidence(
            "weather", rows.with_columns(**columns), Contract.model_validate(contract or {}), source, refused
        )

    return of


@pytest.fixture
def first() -> date:
    return FIRST.date()
