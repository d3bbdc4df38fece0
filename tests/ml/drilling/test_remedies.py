import polars as pl
import pytest
from pydantic import ValidationError

from ml.drilling.remedies import amended, ladders, rounded
from tests.tiny import LAST


@pytest.fixture
def lines(tiny_config, tiny_days):
    """All candidate lines for a fault in some columns."""
    rows = {"tiny": pl.concat([tables["tiny"] for tables in tiny_days.values()])}
    return lambda *columns: [rung for ladder in ladders(tiny_config, rows, columns) for rung in ladder]


def test_bounds_hold_every_clean_value(lines, tiny_days):
    heaviest = max(tables["tiny"]["weight"].max() for tables in tiny_days.values())
    found = [rung["contract"]["columns"]["weight"] for rung in lines("weight") if "max" in str(rung)]
    assert len(found) == 3
    assert all(bounds["min"] == 0 and bounds["max"] >= heaviest for bounds in found)


def test_a_text_is_one_of_few_or_of_a_shape(lines):
    found = [rung["contract"]["columns"]["town"] for rung in lines("town") if "columns" in rung["contract"]]
    assert {"allowed": ["Aachen", "Bonn", "Celle"]} in found
    assert {"pattern": "^[A-Za-z]{4,6}$"} in found


def test_an_order_that_every_row_keeps_is_a_check(tiny_config, tiny_days):
    rows = pl.concat([tables["tiny"] for tables in tiny_days.values()])
    rows = rows.with_columns(parcel=pl.col("weight").ceil().cast(pl.Int64) + 1)
    candidates = [rung for ladder in ladders(tiny_config, {"tiny": rows}, ["weight"]) for rung in ladder]
    checks = [rung["contract"]["checks"][0]["expr"] for rung in candidates if "checks" in rung["contract"]]
    assert checks == ["weight <= parcel"]


def test_an_order_for_want_of_overlap_is_none(lines):
    assert [rung for rung in lines("late", "weight") if "checks" in rung["contract"]] == []


def test_history_is_offered_whole_where_there_is_none(lines, tiny_config, tiny_days):
    assert [rung["contract"]["history"] for rung in lines("weight") if "history" in rung["contract"]] == [{}]
    judged = amended(tiny_config, {"contract": {"history": {}}})
    rows = {"tiny": tiny_days[LAST]["tiny"]}
    candidates = [rung["contract"] for ladder in ladders(judged, rows, ["weight"]) for rung in ladder]
    assert {"history": {"scale": 6}} in candidates


def test_every_candidate_is_valid(lines, tiny_config):
    changed = {str(amended(tiny_config, rung).contract) for rung in lines("weight", "town", "late")}
    assert len(changed) > 20


def test_checks_are_added_and_everything_else_is_set(tiny_config):
    once = amended(tiny_config, {"contract": {"checks": [{"expr": "weight >= 0"}], "refused": 0.01}})
    twice = amended(once, {"contract": {"checks": [{"expr": "late <= parcel"}]}})
    assert [check.expr for check in twice.contract.checks] == ["weight >= 0", "late <= parcel"]
    assert twice.contract.refused.value == 0.01
    assert twice.contract.columns == tiny_config.contract.columns


def test_lines_that_do_not_fit_are_refused(tiny_config):
    with pytest.raises(ValidationError):
        amended(tiny_config, {"contract": {"refused": 7}})


@pytest.mark.parametrize(
    ("value", "down", "written"),
    [(0.0, None, 0.0), (1234.0, None, 1200.0), (118.2, False, 120.0), (-31.2, True, -32.0), (0.0234, True, 0.023)],
)
def test_numbers_are_written_as_a_person_would(value, down, written):
    assert rounded(value, down) == written
