"""A letter that can be read in any program."""

from dataclasses import replace
from datetime import date

import pytest

from ml.messages.letter import Bullets, Commands, Letter, Links, Paragraph, Picture, Row, Table
from ml.messages.plain import plain


@pytest.fixture
def letter():
    table = Table("Figures", ("metric", "mine"), (Row(("log_loss", "0.5")), Row(("a", "10.25"))))
    parts = (table, Bullets("Why", ("because " * 20, "so\nit is")), Picture("cid", "a picture"), Paragraph("The end."))
    return Letter(
        "flights", date(2013, 1, 31), "good", "News", "It happened.", "So it is.", "Rest.", parts, Links("http://a")
    )


def test_the_first_line_says_what_happened_why_and_what_to_do(letter):
    assert plain(letter).startswith("It happened. So it is. Rest.\n")


def test_the_columns_of_a_table_stand_under_each_other(letter):
    assert "metric     mine\nlog_loss    0.5\na         10.25\n" in plain(letter)


def test_no_line_of_prose_is_longer_than_a_terminal(letter):
    assert max(len(line) for line in plain(letter).splitlines()) <= 80


def test_a_value_cannot_begin_a_line_of_its_own(letter):
    assert "- so it is" in plain(letter)


def test_pages_are_named_where_they_are_known(letter):
    assert "Open the run in Airflow: http://a\n" in plain(letter)
    assert "MLflow:" not in plain(letter)


def test_a_marked_cell_is_told_apart(letter):
    rows = (Row(("a", "1048"), marked=frozenset({1})), Row(("b", "7")))
    assert "a    >1048<\n" in plain(replace(letter, parts=(Table("Rows", ("key", "wind"), rows),)))


def test_a_command_stands_on_a_line_of_its_own(letter):
    parts = (Commands("What to type", (("when it is right", "nightshift quarantine list"),)),)
    assert "\nwhen it is right\n    nightshift quarantine list\n" in plain(replace(letter, parts=parts))
