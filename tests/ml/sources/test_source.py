from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from pydantic import ValidationError

from ml.days import Span
from ml.errors import DataError
from ml.sources import ROSTER, BaseSource
from ml.sources.source import bounds, zone

NEW_YORK = ZoneInfo("America/New_York")
NIGHT = datetime(2013, 1, 4, 2, tzinfo=NEW_YORK)
DAYS = Span(date(2013, 1, 2), date(2013, 1, 3))


def events(*times, **columns):
    rows = {"id": list(range(len(times))), "at": list(times), "name": ["a"] * len(times), "x": [0.5] * len(times)}
    schema = {"id": pl.Int64, "at": pl.Datetime("us"), "name": pl.String, "x": pl.Float64}
    return pl.DataFrame(rows, schema=schema).with_columns(**{k: pl.Series(v) for k, v in columns.items()})


def read(given, span=DAYS):
    return list(given.source.read(span, NIGHT, given.connections))


def test_the_first_instant_belongs_to_the_span_and_the_first_after_it_does_not(give):
    edges = [datetime(2013, 1, 2), datetime(2013, 1, 4) - timedelta(microseconds=1)]
    outside = [datetime(2013, 1, 2) - timedelta(microseconds=1), datetime(2013, 1, 4)]
    given = give(events(*edges, *outside))
    assert sorted(pl.concat(read(given))["at"]) == edges


def test_no_rows_are_an_empty_iterator(give):
    assert read(give(events(datetime(2012, 1, 1)))) == []


def test_values_and_types_survive(give):
    (rows,) = read(give(events(*[datetime(2013, 1, 2, h) for h in (1, 2)], name=["ü,'", None], x=[0.1, None])))
    assert rows.sort("id").rows() == [
        (0, datetime(2013, 1, 2, 1), "ü,'", 0.1),
        (1, datetime(2013, 1, 2, 2), None, None),
    ]
    assert rows.dtypes == [pl.Int64, pl.Datetime("us"), pl.String, pl.Float64]


def test_a_row_without_event_time_belongs_to_no_day(give):
    assert read(give(events(datetime(2013, 1, 2), None)))[0].height == 1


def test_many_rows_come_in_chunks(give, monkeypatch):
    monkeypatch.setattr("ml.sources.sql.CHUNK_ROWS", 20)
    monkeypatch.setattr("ml.sources.files.CHUNK_ROWS", 20)
    chunks = read(give(events(*[datetime(2013, 1, 2) + timedelta(minutes=n) for n in range(50)])))
    assert [chunk.height for chunk in chunks] == [20, 20, 10]
    assert sorted(pl.concat(chunks)["id"]) == list(range(50))


def test_reading_twice_gives_the_same_rows(give):
    given = give(events(*[datetime(2013, 1, 3, h) for h in range(24)]))
    assert pl.concat(read(given)).sort("id").equals(pl.concat(read(given)).sort("id"))


def test_a_missing_event_time_is_named_with_the_nearest_column(give):
    given = give(events(datetime(2013, 1, 2)).with_columns(att=pl.col("at")), event_time="attt")
    with pytest.raises(DataError, match=r"event time attt is not among .* the nearest column that is there is att"):
        read(given)


def test_a_missing_key_column_is_named(give):
    with pytest.raises(DataError, match="key column idx is not among the 4 columns"):
        read(give(events(datetime(2013, 1, 2)), key=("idx",)))


def test_an_event_time_that_is_no_time_is_shown(give):
    with pytest.raises(DataError, match=r"event time name of .* is String, not a time, for example '2013, January'"):
        read(give(events(datetime(2013, 1, 2), name=["2013, January"]), event_time="name"))


@pytest.mark.parametrize("member", ROSTER)
def test_every_source_is_a_source(member):
    assert issubclass(member, BaseSource)
    with pytest.raises(ValidationError, match="event_time"):
        member.model_validate({})


def test_the_bounds_of_a_span_are_its_first_instant_and_the_first_after_it():
    assert bounds(Span(date(2013, 1, 1), date(2013, 1, 1))) == (datetime(2013, 1, 1), datetime(2013, 1, 2))


def test_as_of_must_have_a_zone():
    assert zone(NIGHT) == "America/New_York"
    with pytest.raises(ValueError, match="no timezone"):
        zone(datetime(2013, 1, 1))
