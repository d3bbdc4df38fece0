"""The rows behind broken rules."""

from datetime import date, datetime

import polars as pl
import pytest

from ml import evidence, quarantine, steps
from ml.contract import REASONS
from tests.tiny import write_day

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 1)


@pytest.fixture
def judged(workspace, tiny):
    """Gives the run and the batch of a day whose rows were changed."""

    def of(rows=60, **columns):
        path = write_day(tiny.parent / "data", DAY, rows)
        frame = pl.read_parquet(path)
        new = [pl.Series(c, [*values, *frame[c].to_list()[len(values) :]]) for c, values in columns.items()]
        frame.with_columns(new).write_parquet(path)
        run = workspace.run("tiny", DAY)
        return run, steps.validate(run, steps.pull(run))

    return of


def test_five_refused_rows_by_key_with_the_wrong_value_marked(judged):
    [exhibit] = evidence.exhibits(*judged(weight=[-1.0] * 7))
    assert exhibit.header == ("at", "parcel", "weight")
    assert len(exhibit.rows) == 5
    assert exhibit.rows[0] == ("2013-06-01 06:00", "735020000", "-1.0")
    assert exhibit.marked == {2}


def test_a_rule_of_several_columns_marks_them_all(judged):
    [exhibit] = evidence.exhibits(*judged(parcel=[1, 1]))
    assert (exhibit.violation.rule, exhibit.marked, len(exhibit.rows)) == ("unique", {1}, 2)


@pytest.mark.parametrize(
    ("columns", "key", "expected"),
    [
        ({"weight": [None] * 30}, "/weight/nulls", ["null"] * 5),
        ({"weight": ["1,5", *map(str, range(59))]}, "/weight/type", ["1,5"]),
    ],
)
def test_rows_show_why_the_day_was_stopped(judged, columns, key, expected):
    run, batch = judged(**columns)
    found = {e.violation.key: e for e in evidence.exhibits(run, batch)}[key]
    assert [row[-1] for row in found.rows] == expected


def test_the_few_rows_of_a_short_day_are_shown(judged):
    [exhibit] = evidence.exhibits(*judged(rows=3))
    assert (exhibit.violation.rule, len(exhibit.rows), exhibit.marked) == ("min_rows", 3, frozenset())


def test_a_missing_column_has_no_rows_to_show(workspace, tiny):
    path = write_day(tiny.parent / "data", DAY)
    pl.read_parquet(path).drop("weight").write_parquet(path)
    run = workspace.run("tiny", DAY)
    batch = steps.validate(run, steps.pull(run))
    assert evidence.exhibits(run, batch) == []
    assert [b.violation.rule for b in evidence.behind(run, batch)] == ["required"]


def test_the_newest_rows_show_that_the_rest_of_the_day_has_not_come(workspace, tiny):
    yaml = workspace.pipelines / "tiny.yaml"
    yaml.write_text(yaml.read_text().replace("min_rows: 20", "min_rows: 20\n  freshness: 2"))
    run = workspace.run("tiny", DAY)
    [found] = [b for b in evidence.behind(run, steps.validate(run, steps.pull(run))) if b.violation.rule == "freshness"]
    assert found.rows["at"][0] == datetime(2013, 6, 1, 15, 50)


def test_each_row_tells_all_that_is_wrong_with_it(judged):
    run, batch = judged(weight=[-1.0], town=["Dortmund"])
    found = evidence.behind(run, batch)
    assert {b.violation.key for b in found} == {"/weight/range", "/town/allowed"}
    assert [b.wrong(5) for b in found] == [
        ["weight -1.0 is outside 0 to 100; town Dortmund is not among Aachen, Bonn, Celle"]
    ] * 2
    assert found[0].values(5)[0]["at"] == "2013-06-01 06:00:00"


def test_the_table_holds_each_rule_s_rows_with_all_columns(judged):
    table = evidence.table(*judged(weight=[-1.0, -1.0], town=["Dortmund"]))
    assert table["__rule"].to_list() == ["/weight/range", "/weight/range", "/town/allowed"]
    assert {"__table", "__rule", "__wrong", "parcel", "at", "weight", "town", "late"} == set(table.columns)
    assert REASONS not in table.columns


def test_a_day_without_a_broken_rule_has_an_empty_table(judged):
    assert evidence.table(*judged()).is_empty()


def test_a_damaged_value_is_cut_and_infinity_is_text(judged):
    run, batch = judged(town=["x" * 500], weight=[float("inf")])
    rows = [row for exhibit in evidence.exhibits(run, batch) for row in exhibit.rows]
    assert max(len(cell) for row in rows for cell in row) == 60
    assert evidence.behind(run, batch)[0].values(1)[0]["weight"] == "inf"


DEPOTS = """
upstream:
  depots:
    source: {{kind: files, path: "{folder}/*.parquet", event_time: seen, key: [town]}}
    joined_on: {{town: town}}
    contract:
      min_rows: 3
      refused: 0.5
      columns: {{town: {{type: string}}, seen: {{type: datetime}}, gates: {{type: int, min: 1, max: 9}}}}
"""


@pytest.fixture
def depots(workspace, tiny):
    """Gives the run and the batch of a day whose parcels were joined from these rows of another table."""

    def of(**gates):
        folder = tiny.parent / "depots"
        folder.mkdir()
        rows = {"town": list(gates), "gates": list(gates.values()), "seen": [datetime(2013, 6, 1, 5)] * len(gates)}
        days = pl.DataFrame({"town": list("ABC"), "gates": [1] * 3, "seen": [datetime(2013, 5, 31)] * 3})
        pl.concat([days, pl.DataFrame(rows, schema=days.schema)]).write_parquet(folder / "all.parquet")
        yaml = workspace.pipelines / "tiny.yaml"
        yaml.write_text(yaml.read_text() + DEPOTS.format(folder=folder))
        run = workspace.run("tiny", DAY)
        return run, steps.validate(run, steps.pull(run))

    return of


def test_the_upstream_row_and_the_rows_joined_from_it_are_shown_apart(depots):
    run, batch = depots(Aachen=4, Bonn=2, Celle=70)
    found = {e.violation.key: e for e in evidence.exhibits(run, batch)}
    assert found["depots/gates/range"].header == ("seen", "town", "gates")
    assert found["depots/gates/range"].rows == (("2013-06-01 05:00", "Celle", "70"),)
    joined = found["depots/town/upstream"]
    assert (joined.header, {row[-1] for row in joined.rows}) == (("at", "parcel", "town"), {"Celle"})


def test_rows_without_partner_are_shown_and_an_absent_table_has_none(depots):
    run, batch = depots()
    behind = {b.violation.key: b for b in evidence.behind(run, batch)}
    assert behind["depots//min_rows"].rows.is_empty()
    assert behind["depots//unjoined"].rows.height == 60


def test_rows_of_several_tables_are_written_together(depots):
    table = evidence.table(*depots(Aachen=4, Bonn=2, Celle=70))
    assert set(table["__table"]) == {"depots"}
    assert {"gates", "parcel", "town"} <= set(table.columns)


def test_a_day_without_its_upstream_table_can_be_released(depots):
    run, batch = depots()
    assert batch.state == "quarantined"
    done = quarantine.release(run, "ada", "depots were closed")
    assert done.act.rules == ("depots//min_rows", "depots//unjoined")
    assert done.batch.state == "accepted"


def test_rows_joined_from_a_refused_row_can_be_let_in(depots):
    run, batch = depots(Aachen=4, Bonn=2, Celle=70)
    assert batch.refused > 0
    assert quarantine.release(run, "ada", "Celle has grown", rows=True).batch.rows == 60
