from datetime import date, datetime

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from pydantic import ValidationError

from ml.contract import REASONS, RULES, Contract
from ml.errors import ConfigError

DAY = date(2013, 2, 12)

CONTRACT = Contract.model_validate(
    yaml.safe_load("""
        columns:
          origin: {type: string, allowed: [EWR, JFK, LGA], nullable: false}
          time_hour: {type: datetime, nullable: false}
          wind_speed: {type: float, min: 0, max: 100, nulls: 0.5, why: a hurricane starts at 74 mph}
          visib: {type: int, min: 0, required: false}
          tailnum: {type: string, pattern: "N[0-9A-Z]+", required: false}
        unique: [origin, time_hour]
        min_rows: 2
        refused: 0.34
        freshness: 6
    """)
)


def weather(**columns):
    rows = {
        "origin": ["EWR", "JFK", "LGA"],
        "time_hour": [datetime(2013, 2, 12, hour) for hour in (3, 12, 23)],
        "wind_speed": [10.0, 12.5, None],
    }
    return pl.DataFrame(rows | columns)


def check(frame=None, contract=CONTRACT, **columns):
    return contract.check(weather(**columns) if frame is None else frame, DAY, "time_hour")


def sentences(checked):
    return [violation.sentence for violation in checked.violations]


def changed(**fields):
    return Contract.model_validate(CONTRACT.model_dump() | fields)


def test_good_rows_are_accepted_as_they_are():
    checked = check()
    assert not checked.quarantined
    assert checked.violations == ()
    assert checked.refused.is_empty()
    assert_frame_equal(checked.accepted.select("origin", "time_hour", "wind_speed"), weather())


def test_a_row_out_of_range_is_refused_and_the_rest_goes_on():
    checked = check(wind_speed=[1048.36058, 12.5, None])
    assert not checked.quarantined
    assert checked.accepted["origin"].to_list() == ["JFK", "LGA"]
    assert checked.refused[REASONS].to_list() == [["wind_speed 1048.36058 is outside 0 to 100"]]
    assert sentences(checked) == ["wind_speed: outside 0 to 100 in 1 of 3 rows on 2013-02-12, for example 1048.36058"]


def test_a_refused_row_carries_all_its_reasons():
    checked = check(
        origin=["XXX", "JFK", "LGA"], wind_speed=[-1, 1, 1], tailnum=["N14228", "n1", None], refused=[1] * 3
    )
    assert checked.refused[REASONS].to_list() == [
        ["origin XXX is not among EWR, JFK, LGA", "wind_speed -1.0 is outside 0 to 100"],
        ["tailnum n1 is not of pattern 'N[0-9A-Z]+'"],
    ]


def test_every_row_of_a_key_that_occurs_twice_is_refused():
    checked = check(origin=["EWR", "EWR", "LGA"], time_hour=[datetime(2013, 2, 12, 23)] * 3)
    assert checked.refused.height == 2
    assert checked.refused[REASONS][0].to_list() == ["origin, time_hour EWR, 2013-02-12 23:00:00.000000 is not unique"]
    assert [(v.column, v.rule, v.rows) for v in checked.violations if v.rule == "unique"] == [(None, "unique", 2)]


def test_a_null_where_none_is_allowed_is_refused():
    checked = check(origin=[None, "JFK", "LGA"])
    assert checked.refused[REASONS].to_list() == [["origin is null"]]


def test_too_many_refused_rows_quarantine_the_day():
    checked = check(wind_speed=[101.0, 102.0, 1.0])
    assert checked.quarantined
    assert sentences(checked)[0] == "2 of 3 rows on 2013-02-12 are refused, 66.67%, more than refused 34.00%"
    assert checked.refused.height == 2


def test_a_missing_column_quarantines_the_day_and_the_others_are_still_judged():
    frame = weather(wind_spd=[1.0, 2, 3], visib=[1, -1, 1]).drop("wind_speed")
    checked = check(frame)
    assert checked.quarantined
    assert sentences(checked) == [
        "wind_speed is missing on 2013-02-12; the nearest column that is there is wind_spd",
        "visib: below min 0 in 1 of 3 rows on 2013-02-12, for example -1",
    ]


def test_a_missing_optional_column_becomes_null_in_its_type():
    accepted = check().accepted
    assert accepted.schema["visib"] == pl.Int64
    assert accepted["visib"].null_count() == 3


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            ["10.0", "12.5", None],
            "wind_speed on 2013-02-12 is text, not float; all 2 values read as float, "
            "for example '10.0', '12.5', so upstream changed",
        ),
        (
            ["10,5", "12", "8,1"],
            "wind_speed on 2013-02-12 is text, not float; 2 of 3 values do not read as float, "
            "for example '10,5', '8,1'",
        ),
        ([True, False, None], "wind_speed on 2013-02-12 is bool, not float, for example True, False"),
    ],
)
def test_a_changed_type_quarantines_the_day_with_an_example(values, sentence):
    checked = check(wind_speed=values)
    assert checked.quarantined
    assert sentences(checked) == [sentence]


def test_too_few_rows_quarantine_the_day():
    assert "1 rows on 2013-02-12, fewer than min_rows 2" in sentences(check(weather()[2:]))


def test_a_day_without_rows_is_quarantined_not_broken():
    checked = check(weather()[:0])
    assert checked.quarantined
    assert sentences(checked) == ["0 rows on 2013-02-12, fewer than min_rows 2"]


def test_too_many_nulls_quarantine_the_day():
    checked = check(wind_speed=[float("nan"), None, 1.0])
    assert checked.quarantined
    assert sentences(checked) == ["wind_speed: 2 of 3 values on 2013-02-12 are null, 66.67%, more than nulls 50.00%"]


def test_a_day_whose_newest_event_is_old_is_quarantined():
    assert not check(time_hour=[datetime(2013, 2, 12, 18)] * 3).quarantined
    checked = check(time_hour=[datetime(2013, 2, 12, hour) for hour in (3, 12, 17)])
    assert sentences(checked) == [
        "time_hour: the newest event is of 2013-02-12 17:00, 7.0 hours before the end of the day, more than freshness 6"
    ]
    assert checked.quarantined


def test_long_values_are_cut_off_and_only_three_are_shown():
    names = [f"{letter * 60}" for letter in "abcde"]
    frame = pl.concat([weather()] * 2)[:5].with_columns(origin=pl.Series(names))
    checked = check(frame, changed(refused=1.0))
    assert sentences(checked)[0].count("…") == 3
    assert max(len(reason) for reason in checked.refused[REASONS].explode()) < 90


def test_a_pattern_must_match_the_whole_value():
    assert check(tailnum=["N1", "xN1", "N1x"]).accepted["tailnum"].to_list() == ["N1"]
    either = changed(columns={"tailnum": {"type": "string", "pattern": "^N|U"}}, unique=())
    assert check(contract=either, tailnum=["N", "U", "NU"]).accepted["tailnum"].to_list() == ["N", "U"]


def test_a_pattern_that_polars_cannot_match_is_a_sentence():
    odd = changed(columns={"origin": {"type": "string", "pattern": "(?=E).*"}})
    with pytest.raises(ConfigError, match=r"contract\.columns\.origin\.pattern .* cannot be matched"):
        check(contract=odd)


def test_the_rules_are_built_once():
    assert CONTRACT.row_rules is CONTRACT.row_rules
    assert changed() == changed()


def test_columns_of_a_row_that_contradict_each_other_refuse_it():
    odd = changed(checks=[{"expr": "visib * 2 <= wind_speed", "why": "made up", "table": "weather"}])
    checked = check(contract=odd, visib=[1, 9, None])
    assert checked.refused[REASONS].to_list() == [["visib, wind_speed 9, 12.5 is against visib * 2 <= wind_speed"]]
    assert [v.key for v in checked.violations] == ["weather//check visib * 2 <= wind_speed"]


def test_a_check_of_a_column_that_is_missing_today_is_not_asked():
    odd = changed(checks=[{"expr": "visib >= 0"}])
    assert check(contract=odd).violations == ()


def test_an_expression_over_an_unknown_column_is_a_sentence():
    odd = changed(checks=[{"expr": "wind_sped > 0"}])
    with pytest.raises(ConfigError, match=r"contract\.checks\[0\]\.expr: 'wind_sped' .* did you mean 'wind_speed'\?"):
        check(contract=odd)


def test_spike_and_frozen_need_to_know_how_rows_follow_each_other():
    columns = {"temp": {"type": "float", "spike": 20}}
    with pytest.raises(ValidationError, match="say in it how the rows of temp follow each other"):
        Contract.model_validate({"columns": columns})
    assert Contract.model_validate({"columns": columns, "series": {"time": "at"}}).series


def test_a_violation_names_the_table_that_its_column_comes_from():
    columns = {"wind_speed": {"type": "float", "max": 10, "nulls": 0.1, "table": "weather"}}
    found = check(contract=Contract.model_validate({"columns": columns, "refused": 1}))
    assert [(v.key, v.stops) for v in found.violations] == [
        ("weather/wind_speed/nulls", True),
        ("weather/wind_speed/range", False),
    ]


def test_look_ups_that_found_nothing_stop_the_day():
    found = check(contract=changed(joins={"planes": {"column": "wind_speed", "missing": 0.3}}))
    assert [(v.table, v.rule, v.stops) for v in found.violations] == [("planes", "joins", True)]


def test_a_history_rule_without_a_past_says_that_it_did_not_judge():
    assert [u.rule for u in check(contract=changed(history={})).unjudged] == ["history"]
    assert check().unjudged == ()


def test_the_profile_is_that_of_the_accepted_rows():
    told = check(wind_speed=[1048.0, 12.5, None]).profile
    assert (told.rows, told.refused, told.columns["wind_speed"].max) == (2, 1, 12.5)


def test_every_row_has_its_reasons_as_one_text():
    every = check(origin=["XXX", "JFK", "LGA"], wind_speed=[-1.0, 1, 1]).every
    assert every.sort("origin")[REASONS].to_list() == [
        None,
        None,
        "origin XXX is not among EWR, JFK, LGA; wind_speed -1.0 is outside 0 to 100",
    ]
    assert check().every[REASONS].to_list() == [None] * 3


rows = st.lists(
    st.fixed_dictionaries(
        {
            "origin": st.sampled_from(["EWR", "JFK", "LGA", "XXX", None]),
            "time_hour": st.none() | st.datetimes(datetime(2013, 2, 12), datetime(2013, 2, 12, 23)),
            "wind_speed": st.none() | st.floats(),
            "visib": st.none() | st.integers(-3, 3),
            "tailnum": st.none() | st.text("N1x", max_size=3),
        }
    ),
    max_size=20,
)
SCHEMA = {"origin": pl.String, "time_hour": pl.Datetime("us"), "wind_speed": pl.Float64, "visib": pl.Int64}


@given(rows=rows)
@settings(deadline=None, max_examples=60)
def test_no_row_is_lost_and_none_is_refused_without_a_reason(rows):
    frame = pl.DataFrame(rows, schema=SCHEMA | {"tailnum": pl.String}).with_row_index("id")
    checked = check(frame)
    assert sorted([*checked.accepted["id"], *checked.refused["id"]]) == list(range(len(rows)))
    assert all(len(reasons) >= 1 for reasons in checked.refused[REASONS])
    assert checked.accepted.schema["wind_speed"] == pl.Float64
    assert not check(checked.accepted, changed(refused=0.0, min_rows=0)).refused.height


def test_a_refused_row_names_the_keys_of_its_rules():
    checked = check(origin=["XXX", "JFK", "LGA"], wind_speed=[-1, 1, 1])
    assert checked.refused[RULES].to_list() == [["/origin/allowed", "/wind_speed/range"]]


def test_a_waived_row_rule_refuses_no_row_and_is_still_named():
    checked = CONTRACT.check(weather(wind_speed=[1048.0, 12.5, None]), DAY, "time_hour", {"/wind_speed/range"})
    assert checked.accepted.height == 3
    assert [(v.key, v.rows) for v in checked.violations] == [("/wind_speed/range", 1)]


def test_a_row_that_breaks_another_rule_as_well_stays_out_with_all_its_reasons():
    frame = weather(wind_speed=[1048.0, 12.5, None], origin=["XXX", "JFK", "LGA"])
    checked = CONTRACT.check(frame, DAY, "time_hour", {"/wind_speed/range"})
    assert checked.refused[RULES].to_list() == [["/origin/allowed", "/wind_speed/range"]]


def test_a_waived_rule_of_the_day_stops_nothing_and_another_still_does():
    frame = weather(time_hour=[datetime(2013, 2, 12, hour) for hour in (1, 2, 3)]).head(1)
    both = CONTRACT.check(frame, DAY, "time_hour", {"//min_rows", "/time_hour/freshness"})
    one = CONTRACT.check(frame, DAY, "time_hour", {"//min_rows"})
    assert [(c.quarantined, [v.key for v in c.violations]) for c in (both, one)] == [
        (False, ["//min_rows", "/time_hour/freshness"]),
        (True, ["//min_rows", "/time_hour/freshness"]),
    ]


def test_a_column_whose_type_is_waived_is_read_as_far_as_it_reads_and_then_judged():
    frame = weather(wind_speed=["10,5", "12.5", "1048"])
    checked = CONTRACT.check(frame, DAY, "time_hour", {"/wind_speed/type"})
    assert checked.accepted["wind_speed"].to_list() == [None, 12.5]
    assert [v.key for v in checked.violations] == ["/wind_speed/type", "/wind_speed/range"]
    assert not checked.quarantined


def test_a_column_that_tells_the_label_quarantines_the_day():
    rows = pl.DataFrame(
        {"time_hour": [datetime(2013, 2, 12, 23)] * 60, "late": [True, False] * 30, "fare": [9.5, 2] * 30}
    )
    columns = {"time_hour": {"type": "datetime"}, "late": {"type": "bool"}, "fare": {"type": "float"}}
    promised = {"columns": columns, "leak": {"label": "late"}}
    checked = Contract.model_validate(promised).check(rows, DAY, "time_hour")
    assert [(v.rule, v.column, v.stops) for v in checked.violations] == [("leak", "fare", True)]
    assert not Contract.model_validate(promised | {"leak": None}).check(rows, DAY, "time_hour").quarantined


@pytest.mark.parametrize(
    "rule",
    [
        {"series": {"time": "time_hour", "why": "hour by hour"}},
        {"joins": {"planes": {"column": "time_hour", "why": "not every airline registers"}}},
        {"leak": {"label": "time_hour", "why": "written after the fact"}},
        {"history": {"why": "a year has seasons"}},
        {"checks": [{"expr": "time_hour IS NOT NULL", "why": "said twice"}]},
    ],
)
def test_every_section_of_rules_may_say_why(rule):
    columns = {"time_hour": {"type": "datetime", "why": "the hour of departure"}}
    assert Contract.model_validate({"columns": columns} | rule).columns["time_hour"].why


@pytest.mark.parametrize(
    ("rule", "rows", "broken"),
    [
        ({"min_rows": {"value": 4, "why": "w"}}, {}, "min_rows"),
        ({"unique": {"value": ["origin"], "why": "w"}}, {"origin": ["EWR", "EWR", "LGA"]}, "unique"),
        ({"refused": {"value": 0, "why": "w"}}, {"origin": ["EWR", "XXX", "LGA"]}, "refused"),
        ({"freshness": {"value": 0.1, "why": "w"}}, {}, "freshness"),
        ({"checks": [{"expr": "wind_speed > 11.5", "why": "w"}]}, {}, "check wind_speed > 11.5"),
        ({"joins": {"winds": {"column": "wind_speed", "missing": 0.1, "why": "w"}}}, {}, "joins"),
        ({"columns": {"origin": {"type": "string", "allowed": ["EWR"], "why": "w"}}}, {}, "allowed"),
        ({"columns": {"wind_speed": {"type": "float", "nulls": 0.1, "why": "w"}}}, {}, "nulls"),
    ],
)
def test_a_broken_rule_tells_what_its_owner_wrote_beside_it(rule, rows, broken):
    found = {v.rule: v for v in check(contract=changed(**rule), **rows).violations}[broken]
    assert (found.why, found.told) == ("w", f"{found.sentence} (w)")
    silent = [v.why for v in check(contract=changed(min_rows=4)).violations]
    assert silent == [""]
