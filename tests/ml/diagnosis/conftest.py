"""A small world whose days hang together: temperature, its dew point, three places, two carriers, a label."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ml.diagnosis.case import Case

DAYS, ROWS = 28, 240
COLUMNS = ("temp", "dewp", "miles", "carrier", "origin")
THRESHOLDS = {"temp": 1.6, "dewp": 1.6, "miles": 0.25, "carrier": 0.12, "origin": 0.12}


def world(first, days, seed, warmer=0.0, rows=ROWS):
    """Days with a weather of their own: rows of a day are not independent."""
    random = np.random.default_rng(seed)
    return pd.concat(
        [_day(pd.Timestamp(first) + pd.Timedelta(days=n), random, warmer, rows) for n in range(days)], ignore_index=True
    )


def _day(day, random, warmer, rows):
    minutes = np.sort(random.integers(5 * 60, 23 * 60, rows))
    temp = np.round(
        50 + warmer + random.normal(0, 5) + 6 * np.sin((minutes / 60 - 9) / 24 * 6.28) + random.normal(0, 1, rows), 1
    )
    miles = random.choice([200, 500, 760, 1000, 2400], rows)
    late = random.random(rows) < 1 / (1 + np.exp(-(-1.5 + 0.0015 * (miles - 900) + 0.18 * (minutes / 60 - 13))))
    return pd.DataFrame(
        {
            "at": day + pd.to_timedelta(minutes, unit="min"),
            "temp": temp,
            "dewp": np.round(temp - 12 + random.normal(0, 0.7, rows), 1),
            "miles": miles.astype(float),
            "carrier": random.choice(["UA", "DL", "B6"], rows, p=[0.5, 0.3, 0.2]),
            "origin": random.choice(["EWR", "JFK", "LGA"], rows),
            "late": late,
        }
    )


def strength(column, before, after):
    """A distance of both sides in units of a threshold that quiet days of this world hardly reach."""
    one, other = before[column].dropna(), after[column].dropna()
    if column in ("carrier", "origin"):
        shares = pd.concat([s.value_counts(normalize=True) for s in (one, other)], axis=1).fillna(0)
        return float((shares.iloc[:, 0] - shares.iloc[:, 1]).abs().sum() / 2) / THRESHOLDS[column]
    ends = [np.quantile(s, np.linspace(0.01, 0.99, 99)) for s in (one, other)]
    return float(np.abs(ends[0] - ends[1]).mean() / one.std()) / THRESHOLDS[column]


def predict(frame):
    hours = frame["at"].dt.hour + frame["at"].dt.minute / 60
    return 1 / (1 + np.exp(-(-1.5 + 0.0015 * (frame["miles"] - 900) + 0.18 * (hours - 13)))).to_numpy()


@pytest.fixture(scope="session")
def quiet():
    """Nothing happened."""
    return Case(
        reference=world("2013-03-01", DAYS, 1),
        current=world("2013-03-29", 2, 2),
        moved=(),
        strength=strength,
        event_time="at",
        columns=COLUMNS,
        label="late",
        predict=predict,
    )


@pytest.fixture
def happened(quiet):
    """A case whose current rows were changed, with the columns that this moves."""

    def change(**columns):
        current = quiet.current.copy()
        for column, values in columns.items():
            current[column] = values(quiet.current) if callable(values) else values
        return moved(replace(quiet, current=current))

    return change


def moved(case):
    return replace(case, moved=tuple(c for c in COLUMNS if strength(c, case.reference, case.current) >= 1))
