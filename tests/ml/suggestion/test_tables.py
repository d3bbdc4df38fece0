from datetime import timedelta

import polars as pl

from ml.suggestion import tables
from ml.upstream import UpstreamTable


def learned(rules):
    return {rule.key: rule.value for rule in rules}


def test_key_rows_and_the_last_row_of_a_day(evidence):
    rules = list(tables.rows(evidence(refused=2)))
    assert learned(rules) == {"min_rows": 25, "unique": ["town", "hour"], "refused": 0.05, "freshness": 2}
    assert [rule.evidence for rule in rules][2] == "2 of 1,922 rows were refused on these days"


def test_a_key_that_is_not_one_is_said(evidence):
    twice = evidence(hour=pl.col("hour").dt.truncate("2h"))
    (unique,) = [rule for rule in tables.rows(twice) if rule.key == "unique"]
    assert (unique.value, unique.evidence) == (None, "1,920 rows share their town, hour with another")


def test_rows_that_follow_each_other_by_the_clock_are_a_series(evidence):
    found = tables.series(evidence())
    assert (found.by, found.time, found.apart) == (("town",), "hour", 2.0)
    assert tables.series(evidence(hour=pl.col("hour").dt.truncate("2h"))) is None
    stated = evidence({"columns": {"hour": {"type": "datetime"}}, "series": {"time": "hour", "apart": 7}})
    assert tables.series(stated).apart == 7


def test_columns_that_are_always_in_one_order_are_a_check(evidence):
    cooler = evidence(dewp=pl.col("temp") * 0.98 - 0.5)
    (check,) = tables.order(cooler, ())
    assert check.value == "dewp <= temp"
    assert list(tables.order(cooler, ["dewp"])) == []
    known = evidence({"checks": [{"expr": "dewp <= temp + 1"}]}, dewp=pl.col("temp") - 0.5)
    assert list(tables.order(known, ())) == []


def test_history_rules_that_would_have_stopped_a_day_are_named(evidence):
    off, odd = tables.history(evidence(), ())
    assert ([rule.key for rule in off], odd) == (["copy"], {})
    unit = pl.when(pl.col("hour").dt.ordinal_day() == 30).then(pl.col("temp") * 25.4).otherwise("temp")
    assert "is it in another unit?" in tables.history(evidence(temp=unit), ())[1]["temp"]
    assert tables.history(evidence(temp=unit), ["temp"])[1] == {}


def test_too_few_days_teach_no_history(evidence):
    (said,), odd = tables.history(evidence(days=5), ())
    assert (said.value, odd) == (None, {})
    assert said.evidence == "5 accepted days, and 14 are needed before it judges one"


def test_the_share_without_partner_is_that_of_the_worst_day(evidence, first):
    own, other = evidence(), evidence()
    table = UpstreamTable.model_validate(
        {"source": other.source.model_dump(), "contract": {}, "joined_on": {"town": "town", "hour": "hour"}}
    )
    assert tables.partners(own, other, table).value == 0.05
    late = evidence(hour=pl.col("hour") + timedelta(hours=6))
    assert tables.partners(own, late, table).evidence == f"at most 25.0% of a day, on {first}"
    assert tables.partners(own, late, table.model_copy(update={"joined_on": {"hour": "x"}})).value is None


def test_look_ups_that_the_yaml_names_have_their_worst_day(evidence, first):
    contract = {"joins": {"planes": {"column": "seats", "key": "tail"}, "airports": {"column": "seats"}}}
    found = dict(tables.joins(evidence(contract, seats=pl.when(pl.col("temp") > 41).then(1), tail=pl.lit("N1"))))
    assert set(found) == {"planes", "airports"}
    assert found["planes"].evidence.endswith(f"on {first}")
