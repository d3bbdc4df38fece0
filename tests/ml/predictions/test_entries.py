"""Rows as they are kept."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.config import load_pipeline
from ml.predictions.entries import Entries, fingerprint, moment, plain, plain_columns
from ml.predictions.segment import decode, encode
from tests.tiny import YAML

AT = datetime(2013, 6, 2, 1, 30, tzinfo=UTC)
ROW = {"parcel": 7, "at": datetime(2013, 6, 1, 6, 10), "weight": 12.5, "town": "Bonn", "other": 1}


@pytest.fixture
def entries(tmp_path):
    """Entries of ``tiny`` with more in its YAML."""

    def of(more="", key=None):
        (tmp_path / "tiny.yaml").write_text(YAML.format(data=tmp_path) + more)
        return Entries(load_pipeline(tmp_path / "tiny.yaml"), key)

    return of


def only(entries, row=ROW, **more):
    (found,) = entries.of([row], [0.25], 3, "production", "desk", AT, **more)
    return found


def test_a_row_is_kept_with_its_key_its_day_and_what_the_model_saw(entries):
    kept = only(entries())
    assert (kept.key, kept.day, kept.event_time) == ({"parcel": 7}, date(2013, 6, 1), ROW["at"])
    assert kept.features == {"weight": 12.5, "town": "Bonn"}
    assert (kept.version, kept.role, kept.caller, kept.at) == (3, "production", "desk", AT)


def test_a_request_and_the_lake_give_the_same_key(entries):
    asked = {"parcel": 7.0, "at": "2013-06-01T06:10:00", "weight": 12, "town": "Bonn"}
    assert only(entries(), asked).key == only(entries()).key
    assert only(entries(), asked).event_time == ROW["at"]


def test_a_row_without_a_time_belongs_to_the_day_on_which_it_was_asked_about(entries):
    kept = only(entries("schedule: {timezone: America/New_York}\n"), {"parcel": 7})
    assert (kept.event_time, kept.day) == (None, date(2013, 6, 1))


def test_masked_columns_are_never_kept_in_the_clear(entries):
    kept = only(entries("predictions: {masked: [town, parcel]}\n", key="secret"))
    assert "Bonn" not in kept.model_dump_json()
    assert kept.key["parcel"].startswith("masked:")
    assert kept.features["town"].startswith("masked:")
    assert only(entries("predictions: {masked: [at]}\n", key="secret")).event_time is None


def test_dropped_columns_are_not_kept(entries):
    assert only(entries("predictions: {dropped: [town]}\n")).features == {"weight": 12.5}


def test_what_a_version_takes_is_kept_also_when_the_yaml_does_not_name_it_any_more(entries):
    row, taken = ROW | {"town_late": 0.5}, ("weight", "town_late")
    assert only(entries(), row, taken=taken).features == {"weight": 12.5, "town_late": 0.5}
    assert only(entries("predictions: {dropped: [weight]}\n"), row, taken=taken).features == {"town_late": 0.5}


@pytest.mark.parametrize("more", ["", "predictions: {features: reference}\n"])
@pytest.mark.parametrize("odd", [float("nan"), np.float32("nan"), float("inf")])
def test_a_number_that_is_none_is_kept_as_nothing_by_the_spool_and_by_the_ledger(
    entries, workspace, tmp_path, more, odd
):
    kept = only(entries(more), ROW | {"weight": odd})
    nothing = only(entries(more), ROW | {"weight": None})
    workspace.ledger.record_predictions([kept])
    (tmp_path / "1.jsonl").write_bytes(encode([kept]))
    assert kept.features == nothing.features
    assert workspace.ledger.prediction(kept.id).features == nothing.features
    assert next(decode(tmp_path / "1.jsonl")).features == nothing.features


def test_features_by_reference_are_a_fingerprint_of_them(entries):
    one, same, other = (
        only(entries("predictions: {features: reference}\n"), row).features
        for row in (ROW, ROW | {"other": 2}, ROW | {"weight": 13})
    )
    assert one == same == {"sha256": fingerprint({"weight": 12.5, "town": "Bonn"})}
    assert one != other


def test_features_that_are_not_wanted_are_not_there(entries):
    assert only(entries("predictions: {features: none}\n")).features is None


def test_a_row_may_be_given_the_same_name_again(entries):
    assert only(entries(), name=lambda row: f"{row['parcel']:032d}").id == "7".zfill(32)


@pytest.mark.parametrize(
    ("value", "type_", "kept"),
    [
        (np.float64(1.5), "float", 1.5),
        (np.int64(3), "int", 3),
        (3.0, "int", 3),
        (3, "float", 3.0),
        (True, "bool", True),
        (date(2013, 1, 1), "date", "2013-01-01"),
        ("2013-01-01 06:00", "datetime", "2013-01-01T06:00:00"),
        ("no time", "datetime", "no time"),
        (datetime(2013, 1, 1, tzinfo=UTC), None, "2013-01-01T00:00:00+00:00"),
        (None, "int", None),
        (float("nan"), "float", None),
        (np.float64("nan"), "int", None),
        (float("-inf"), None, None),
    ],
)
def test_a_value_is_kept_as_json_keeps_it(value, type_, kept):
    assert plain(value, type_) == kept
    assert type(plain(value, type_)) is type(kept)


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.datetimes(), st.dates(),
    st.datetimes(timezones=st.just(UTC)), st.floats().map(np.float64), st.integers(-9, 9).map(float),
)  # fmt: skip


@given(st.lists(VALUES, max_size=4), st.sampled_from(["int", "float", "string", "bool", "datetime", "date", None]))
def test_a_column_is_kept_as_its_values_are(values, type_):
    (column,) = plain_columns([{"x": value} for value in values], {"x": type_}).values()
    assert list(map(repr, column)) == [repr(plain(value, type_)) for value in values]


def test_a_time_with_a_zone_is_no_local_time():
    assert moment(AT) is None
    assert moment(date(2013, 1, 1)) == datetime(2013, 1, 1)
