"""Two grounds for the faults: three days of ``tiny``, and of trips that are joined with hourly weather."""

from datetime import date, datetime, timedelta

import pytest

from ml.drills import Ground

DAYS = (date(2013, 6, 4), date(2013, 6, 5), date(2013, 6, 6))

TRIPS = Ground(
    name="trips",
    event_time="at",
    key=("trip",),
    label="late",
    columns=("trip", "at", "station", "line", "fare", "length", "temp", "pressure", "late"),
    notes={"temp": "degrees Fahrenheit", "length": "miles"},
    times={"trips": "at", "weather": "observed"},
)


@pytest.fixture(scope="session")
def tiny_ground(tmp_path_factory):
    from ml.config import find_pipeline
    from tests.tiny import write

    config = write(tmp_path_factory.mktemp("tiny"))
    return Ground.of(find_pipeline(config / "pipelines", "tiny"))


@pytest.fixture(scope="session")
def tiny_tables(tmp_path_factory):
    import polars as pl

    from tests.tiny import write_day

    folder = tmp_path_factory.mktemp("days")
    return {"tiny": pl.concat([pl.read_parquet(write_day(folder, day)) for day in DAYS])}


@pytest.fixture(scope="session")
def trips():
    """Eight trips an hour from two stations, with the weather of the station and hour."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(1)
    hours = [datetime.combine(day, datetime.min.time()) + timedelta(hours=h) for day in DAYS for h in range(24)]
    weather = pl.DataFrame(
        {
            "station": ["North"] * len(hours) + ["South"] * len(hours),
            "observed": hours * 2,
            "temp": rng.normal(60, 8, 2 * len(hours)).round(2),
            "pressure": rng.normal(1013, 5, 2 * len(hours)).round(1),
        }
    )
    size = 8 * len(hours)
    own = pl.DataFrame(
        {
            "trip": np.arange(size),
            "at": [hour + timedelta(minutes=7 * n) for hour in hours for n in range(8)],
            "station": ["North", "South"] * (size // 2),
            "line": rng.choice(["A1", "B2", "Müns"], size),
            "fare": rng.gamma(4, 3, size).round(2),
            "length": rng.integers(2, 90, size),
            "late": rng.random(size) < 0.3,
        }
    )
    joined = own.with_columns(observed=pl.col("at").dt.truncate("1h")).join(weather, on=["station", "observed"])
    return {"trips": joined.drop("observed").sort("at"), "weather": weather}


@pytest.fixture(params=["tiny", "trips"])
def field(request, tiny_ground, tiny_tables, trips):
    """A ground and its tables."""
    return (TRIPS, trips) if request.param == "trips" else (tiny_ground, tiny_tables)


@pytest.fixture
def strike(trips):
    """Inject a fault into the last day of the trips; gives what it did."""
    return lambda fault, seed=0, days=DAYS[-1:]: fault.inject(trips, TRIPS, days, seed)


@pytest.fixture
def before(trips):
    """The trips of the last day as they were."""
    import polars as pl

    return trips["trips"].filter(pl.col("at").dt.date() == DAYS[-1])


@pytest.fixture
def today():
    """The rows of the last day among injected tables."""
    import polars as pl

    return lambda tables, name="trips", time="at": tables[name].filter(pl.col(time).dt.date() == DAYS[-1])
