import polars as pl
import pytest
from pydantic import ValidationError

from ml.upstream import UpstreamTable

WEATHER = {
    "source": {"kind": "files", "path": "weather/*.csv", "event_time": "hour", "key": ["place", "hour"]},
    "contract": {"columns": {"place": {"type": "string"}, "hour": {"type": "datetime"}, "temp": {"type": "float"}}},
    "joined_on": {"place": "origin", "hour": "at"},
}


def test_a_day_without_rows_still_has_its_columns():
    nothing = UpstreamTable.model_validate(WEATHER).nothing()
    assert dict(nothing.schema) == {"place": pl.String, "hour": pl.Datetime("us"), "temp": pl.Float64}
    assert nothing.is_empty()


def test_it_must_say_what_it_is_joined_on():
    with pytest.raises(ValidationError, match="joined_on"):
        UpstreamTable.model_validate(WEATHER | {"joined_on": {}})
