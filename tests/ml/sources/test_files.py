import gzip
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from ml.days import Span
from ml.errors import DataError
from ml.sources import FilesSource

NIGHT = datetime(2013, 1, 4, 2, tzinfo=ZoneInfo("America/New_York"))
DAYS = Span(date(2013, 1, 2), date(2013, 1, 3))


def source(path, **fields):
    return FilesSource(path=str(path), event_time="at", key=("id",), **fields)


def rows(source):
    return pl.concat(source.read(DAYS, NIGHT, {}), how="vertical_relaxed")


def test_all_files_of_a_glob_are_read(tmp_path):
    for day in (1, 2, 3):
        (tmp_path / f"{day}.csv").write_text(f"id,at\n{day},2013-01-0{day} 12:00:00\n")
    assert rows(source(tmp_path / "*.csv"))["id"].to_list() == [2, 3]


def test_a_compressed_csv_is_read(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"id,at\n1,2013-01-02\n"))
    assert rows(source(tmp_path / "a.csv.gz"))["at"].to_list() == [datetime(2013, 1, 2)]


def test_texts_that_mean_nothing_become_null(tmp_path):
    (tmp_path / "a.csv").write_text("id,at,x\n1,2013-01-02,NA\n2,2013-01-02,1.5\n")
    assert rows(source(tmp_path / "a.csv", null_values=("NA",)))["x"].to_list() == [None, 1.5]


def test_a_number_that_turns_to_text_far_down_stays_text(tmp_path):
    lines = [f"{n},2013-01-02,{n}" for n in range(2000)]
    (tmp_path / "a.csv").write_text("id,at,x\n" + "\n".join(lines) + '\n2000,2013-01-02,"1,5"\n')
    assert rows(source(tmp_path / "a.csv"))["x"][-1] == "1,5"


def test_times_with_a_zone_become_local_ones(tmp_path):
    late = pl.DataFrame({"id": [1, 2], "at": [datetime(2013, 1, 2, 4, 59), datetime(2013, 1, 4, 4, 59)]})
    late.with_columns(pl.col("at").dt.replace_time_zone("UTC")).write_parquet(tmp_path / "a.parquet")
    assert rows(source(tmp_path / "a.parquet")).rows() == [(2, datetime(2013, 1, 3, 23, 59))]


def test_categories_and_decimals_become_text_and_floats(tmp_path):
    frame = pl.DataFrame({"id": ["1.5"], "at": [date(2013, 1, 2)], "c": ["a"]})
    frame.with_columns(pl.col("id").cast(pl.Decimal(4, 1)), pl.col("c").cast(pl.Categorical)).write_parquet(
        tmp_path / "a.parquet"
    )
    assert rows(source(tmp_path / "a.parquet")).dtypes == [pl.Float64, pl.Datetime("us"), pl.String]


def test_no_file_is_a_sentence(tmp_path):
    with pytest.raises(DataError, match="no file matches"):
        rows(source(tmp_path / "*.csv"))


def test_a_broken_file_is_named(tmp_path):
    (tmp_path / "a.parquet").write_bytes(b"rubbish")
    with pytest.raises(DataError, match=r"a\.parquet cannot be read"):
        rows(source(tmp_path / "a.parquet"))


def test_an_empty_file_is_named(tmp_path):
    (tmp_path / "a.csv").touch()
    with pytest.raises(DataError, match=r"a\.csv cannot be read"):
        rows(source(tmp_path / "a.csv"))
