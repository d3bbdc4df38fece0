"""The rows of the coming day, before anybody knows what happens."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from ml.contract import REASONS
from ml.errors import ContractViolation, NoData
from ml.scoring import ahead
from tests import tiny

DAY = date(2013, 6, 1)
COMING = DAY + timedelta(days=1)


def look(place, day=DAY, pipeline=None):
    run = place.run("tiny", day)
    run = replace(run, pipeline=pipeline or run.pipeline)
    return ahead.look(run, run.pipeline.score)


def file_of(place, day):
    return place.pipelines.parent.parent / "data" / f"{day}.parquet"


@pytest.fixture
def changed(place):
    """Changes the rows of the coming day for a test."""
    path = file_of(place, COMING)
    before = path.read_bytes()

    def change(rows):
        rows(pl.read_parquet(path)).write_parquet(path)

    yield change
    path.write_bytes(before)


def test_the_coming_day_is_kept_without_its_label(place):
    found = look(place)
    rows = place.lake.read([found.uri])
    assert (found.ahead, found.rows, found.refused, found.passed) == (COMING, 60, 0, 0)
    assert rows["at"].dt.date().unique().to_list() == [COMING]
    assert "late" not in rows.columns
    assert found.as_of.isoformat() == "2013-06-02T03:00:00+00:00"


def test_looking_twice_finds_the_same(place):
    assert look(place) == look(place)


def test_rows_that_are_over_when_they_are_read_are_left_out(place, changed):
    early = datetime(2013, 6, 2, 3, 0)
    changed(lambda rows: rows.with_columns(at=pl.when(pl.col("parcel") % 3 == 0).then(early).otherwise(pl.col("at"))))
    assert (look(place).rows, look(place).passed) == (40, 20)


def test_a_row_that_breaks_a_rule_is_refused_with_its_reason(place, changed):
    changed(lambda rows: rows.with_columns(weight=pl.when(pl.arange(60) == 7).then(-5.0).otherwise(pl.col("weight"))))
    found = look(place)
    assert (found.rows, found.refused) == (59, 1)
    assert place.lake.read([found.refused_uri])[REASONS].list.join("; ").item().startswith("weight")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (lambda rows: rows.drop("town"), "town"),
        (lambda rows: rows.head(10), "10 rows"),
        (lambda rows: rows.with_columns(weight=-pl.col("weight")), "60 of 60 rows"),
    ],
)
def test_a_day_that_breaks_its_contract_is_not_scored(place, changed, rows, sentence):
    changed(rows)
    with pytest.raises(ContractViolation, match=f"2013-06-02 is not scored: .*{sentence}"):
        look(place)


def test_columns_that_nobody_knows_yet_are_null_whatever_the_source_gives(place):
    pipeline = place.run("tiny", DAY).pipeline
    plan = pipeline.score.model_copy(update={"unknown": ("weight",)})
    rules = pipeline.contract.columns | {
        "weight": pipeline.contract.columns["weight"].model_copy(update={"nullable": False})
    }
    contract = pipeline.contract.model_copy(update={"columns": rules})
    found = look(place, pipeline=pipeline.model_copy(update={"score": plan, "contract": contract}))
    assert found.rows == 60
    assert place.lake.read([found.uri])["weight"].null_count() == 60


def test_a_day_without_rows_is_said(place):
    with pytest.raises(NoData, match="gave 0 rows of 2013-06-10 that are still to come"):
        look(place, tiny.LAST)


def test_the_future_is_not_scored_before_its_morning(place):
    tomorrow = date.today() + timedelta(days=2)
    with pytest.raises(NoData, match="which is still to come"):
        look(place, tomorrow)
