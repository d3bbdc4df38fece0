"""A contract replayed over days of the small pipeline."""

from datetime import date, timedelta

import pytest

from ml.days import Span
from ml.rehearsal import Rehearsal, tables
from tests.tiny import FIRST, LAST, write_day

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 1)


def rehearsed(workspace, first=DAY - timedelta(days=5), last=DAY):
    return Rehearsal.of(workspace.run("tiny", last), Span(first, last))


def contract(tiny, old, new):
    path = tiny / "pipelines" / "tiny.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))


def test_sound_days_are_neither_stopped_nor_refused(workspace):
    found = rehearsed(workspace)
    assert (found.days, found.stops, found.refused_rows, found.rules) == (6, (), 0, ())
    assert list(found.lines()) == ["tiny: 6 days, 2013-05-27 to 2013-06-01: 0 stopped, 0 rows refused"]


def test_it_shows_rule_by_rule_what_it_would_have_stopped_or_refused(workspace, tiny):
    write_day(tiny.parent / "data", DAY, rows=5)
    contract(tiny, "max: 100", "max: 55")
    found = rehearsed(workspace, FIRST)
    assert [day for day, _ in found.stops] == [DAY]
    assert {rule.rule for rule in found.rules} >= {"min_rows", "range"}
    document = found.as_json()
    assert (document["days"], document["stopped"]) == (32, 1)
    assert document["refused_rows"] == document["refused"]["tiny"] > 0
    assert document["stops"][0]["rules"]["//min_rows"] == "5 rows on 2013-06-01, fewer than min_rows 20"
    assert any(line.startswith("  2013-06-01 stopped: 5 rows on 2013-06-01") for line in found.lines())


def test_the_days_that_a_rule_looks_back_at_are_read_and_not_counted(workspace, tiny):
    contract(tiny, "  min_rows: 20\n", "  min_rows: 20\n  history: {}\n")
    write_day(tiny.parent / "data", DAY, heavier=900)
    contract(tiny, "max: 100,", "max: 10000,")
    found = rehearsed(workspace)
    assert (found.days, [rule.rule for rule in found.rules], found.unjudged) == (6, ["history.scale"], ())
    assert rehearsed(workspace, FIRST, FIRST + timedelta(days=9)).unjudged == (("history", 10),)


def test_days_without_rows_are_named(workspace):
    found = rehearsed(workspace, LAST, LAST + timedelta(days=2))
    assert (found.days, found.absent) == (1, (LAST + timedelta(days=1), LAST + timedelta(days=2)))
    assert "  2 days have no rows: 2013-06-10, 2013-06-11" in found.lines()
    assert tables(workspace.run("tiny", LAST), LAST + timedelta(days=1)) is None


def test_nothing_is_written(workspace):
    rehearsed(workspace)
    assert workspace.ledger.batches("tiny") == []
    assert not workspace.lake.root.exists() or list(workspace.lake.root.iterdir()) == []
