from datetime import date, timedelta

import polars as pl
import pytest

from ml.days import Span
from ml.drilling import Bench
from ml.drilling.bench import spread
from ml.errors import NoData
from tests.tiny import FIRST, LAST


def test_every_day_that_the_contract_accepts_has_a_profile(bench):
    assert sorted(bench.profiles) == list(Span(FIRST, LAST))
    assert bench.stopped == {}


def test_a_day_is_clean_when_the_day_before_is_there(bench):
    assert bench.clean()[0] == FIRST + timedelta(days=1)
    assert bench.clean()[-1] == LAST


def test_a_day_that_the_contract_stops_is_not_clean(bench_of, tiny_config, tiny_days):
    bad = date(2013, 5, 20)
    few = tiny_days | {bad: {"tiny": tiny_days[bad]["tiny"].head(3)}}
    bench = bench_of(tiny_config, few)
    assert set(bench.stopped) == {bad}
    assert "3 rows on 2013-05-20" in bench.stopped[bad]
    assert not {bad, bad + timedelta(days=1)} & set(bench.clean())


def test_history_must_be_able_to_judge(bench_of, tiny_config):
    contract = tiny_config.contract.model_dump(by_alias=True) | {"history": {"minimum": 20}}
    strict = tiny_config.model_copy(update={"contract": type(tiny_config.contract).model_validate(contract)})
    assert bench_of(strict).clean()[0] == FIRST + timedelta(days=20)


def test_the_refused_rows_are_known_by_their_numbers(bench, tiny_days):
    frame = tiny_days[LAST]["tiny"]
    heavy = frame.with_columns(weight=pl.when(pl.int_range(frame.height) == 7).then(900.0).otherwise("weight"))
    judged = bench.judge(LAST, {"tiny": heavy})
    assert judged.refused == frozenset({7})
    assert [v.rule for v in judged.violations] == ["range"]


def test_judging_a_copy_changes_nothing(bench, tiny_days):
    before = dict(bench.profiles)
    bench.judge(LAST, {"tiny": tiny_days[LAST]["tiny"].head(2)})
    assert bench.profiles == before
    assert bench.judge(LAST, tiny_days[LAST]).stops == ()


def test_days_are_spread_evenly():
    days = [date(2013, 5, n) for n in range(1, 31)]
    assert spread(days, 1) == (days[-1],)
    assert spread(days, 40) == tuple(days)
    assert [d.day for d in spread(days, 4)] == [1, 11, 20, 30]


@pytest.mark.integration
def test_a_bench_of_the_lake_is_one_of_its_accepted_days(walked):
    from ml.workspace import Run

    run = walked.run("tiny", date(2013, 6, 1))
    assert isinstance(run, Run)
    bench = Bench.of_lake(run)
    assert bench.asked[-1] == date(2013, 6, 1)
    assert set(bench.profiles) == set(bench.asked)


def test_an_empty_lake_is_said(workspace):
    with pytest.raises(NoData, match="holds no accepted day"):
        Bench.of_lake(workspace.run("tiny", LAST))


def test_a_bench_of_the_source_reads_what_history_looks_at_too(workspace):
    bench = Bench.of_source(workspace.run("tiny", LAST), Span(date(2013, 6, 1), LAST))
    assert bench.asked == tuple(Span(date(2013, 6, 1), LAST))
    assert min(bench.profiles) == FIRST
    assert workspace.ledger.batches("tiny") == []


def test_days_without_rows_are_said(workspace):
    with pytest.raises(NoData, match="gave no rows from 2010-01-01"):
        Bench.of_source(workspace.run("tiny", LAST), Span(date(2010, 1, 1), date(2010, 1, 3)))
