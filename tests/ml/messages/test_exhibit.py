"""Some of the rows that break a rule, as a part of a mail."""

import pytest

from ml.messages.exhibit import Exhibit, rule_name, shown
from ml.records import Violation


@pytest.fixture
def exhibit():
    """Makes an exhibit of a rule: what names each row, and its marked values."""

    def of(column, *rows, of=17, names=("sched_dep", "flight")):
        header = (*names, *(f"{column}{n}" for n in range(len(rows[0]) - len(names))))
        violation = Violation(column=column, rule="range", rows=of, sentence="x", table="weather")
        return Exhibit(violation, header, rows, frozenset(range(len(names), len(header))))

    return of


def test_what_names_a_row_is_one_cell_and_the_wrong_value_is_marked(exhibit):
    [table] = shown([exhibit("temp", ("03:15", "11", "1048"), ("04:15", "12", "999"))])
    assert (table.title, table.header) == ("weather temp range: 2 of 17 rows", ("sched_dep, flight", "temp0"))
    assert [(row.cells, row.marked) for row in table.rows] == [
        (("03:15, 11", "1048"), {1}),
        (("04:15, 12", "999"), {1}),
    ]


def test_more_values_than_a_phone_has_room_for_are_one_cell(exhibit):
    [table] = shown([exhibit("temp", ("03:15", "11", "1", "2", "3"))])
    assert table.rows[0].cells == ("03:15, 11", "1, 2, 3")


def test_a_rule_about_the_key_itself_marks_it(exhibit):
    [table] = shown([exhibit("key", ("03:15", "11"), names=())])
    assert table.rows[0].marked == {0, 1}


def test_the_same_rows_are_shown_once(exhibit):
    same = [exhibit(column, ("03:15", "11", "null")) for column in ("temp", "dewp")]
    other = exhibit("humid", ("04:15", "12", "null"))
    assert [table.title.split()[1] for table in shown([*same, other])] == ["temp", "humid"]


def test_three_rules_are_shown_at_most_and_none_without_rows(exhibit):
    many = [exhibit(f"c{n}", (str(n), "1", "2")) for n in range(5)]
    empty = Exhibit(many[0].violation, ("a",), (), frozenset({0}))
    assert len(shown([empty, *many])) == 3
    assert shown([empty]) == ()


def test_a_rule_is_named_by_table_column_and_rule():
    assert rule_name(Violation(column=None, rule="min_rows", rows=0, sentence="")) == "min_rows"
    assert rule_name(Violation(column="a", rule="range", rows=0, sentence="", table="t")) == "t a range"
