"""A letter that shows as it was meant, and runs nothing."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from ml.messages.html import html
from ml.messages.letter import Bullets, Commands, Letter, Links, Paragraph, Picture, Row, Table

NASTY = "</td></script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
SAFE = {
    "html",
    "head",
    "meta",
    "title",
    "body",
    "div",
    "table",
    "tr",
    "td",
    "th",
    "h1",
    "h2",
    "p",
    "a",
    "ul",
    "li",
    "img",
    "span",
}
VOID = {"meta", "img"}


class Tags(HTMLParser):
    """The tags and attributes of a page, and whether each tag is closed in its turn."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.attributes, self.words = [], set(), [], ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


@pytest.fixture
def letter():
    parts = (
        Table(NASTY, (NASTY, NASTY), (Row((NASTY, NASTY)), Row((NASTY, NASTY), "bad"))),
        Bullets(NASTY, (NASTY,)),
        Picture("score-history", NASTY),
        Paragraph(NASTY, quiet=True),
        Commands(NASTY, ((NASTY, f"nightshift quarantine list {NASTY}"),)),
    )
    links = Links('http://airflow.example/?a=1&b="><script>', "javascript:alert(1)")
    return Letter(NASTY, date(2013, 1, 31), "warning", NASTY, NASTY, NASTY, f"Run `ls`, {NASTY}", parts, links)


def test_values_from_data_are_words_and_nothing_else(letter):
    page = Tags(html(letter))
    assert page.tags <= SAFE | {"code"}
    assert page.words.count(NASTY) >= 12
    assert not [name for name, _ in page.attributes if name.startswith("on")]


def test_every_tag_is_closed_in_its_turn(letter):
    assert Tags(html(letter)).open == []


def test_nothing_is_fetched_from_elsewhere(letter):
    sources = [value for name, value in Tags(html(letter)).attributes if name == "src"]
    assert sources == ["cid:score-history"]
    assert "url(" not in html(letter)


def test_a_link_goes_to_a_web_page_or_is_left_out(letter):
    assert [v for name, v in Tags(html(letter)).attributes if name == "href"] == [letter.links.airflow]


def test_without_pages_there_are_no_buttons(letter):
    assert "href" not in html(replace(letter, links=Links()))


def test_a_command_is_set_as_one(letter):
    assert ">ls</code>" in html(letter)


def test_a_marked_cell_and_no_other_is_told_apart(letter):
    rows = (Row(("a", "1048"), marked=frozenset({1})), Row(("b", "7")))
    page = html(replace(letter, parts=(Table("Rows", ("key", "wind"), rows),)))
    assert page.count("font-weight:700") == 1
    assert 'font-weight:700">1048</td>' in page


def test_a_typed_word_is_not_broken_at_its_hyphens(letter):
    page = html(replace(letter, parts=(Commands("Type", (("when", 'release --why "…"'),)),)))
    assert '<span style="white-space:nowrap">--why</span>' in page
    assert "release --why &quot;…&quot;" in " ".join(Tags(page).words.split()).replace('"', "&quot;")


def test_it_is_at_most_640_pixels_wide(letter):
    assert "max-width:640px" in html(letter)


def test_on_a_phone_long_names_give_way_and_numbers_do_not(letter):
    table = Table("Moved", ("column (method)", "score"), (Row(("carrier (jensenshannon)", "0.3121")),))
    page = html(replace(letter, parts=(table,)))
    name, number = page.partition("carrier (jensenshannon)")[0], page.partition("0.3121")[0]
    assert "word-break:break-word" in name.rpartition("<td")[2]
    assert "white-space:nowrap" in number.rpartition("<td")[2]
    two = replace(table, words=2)
    assert "word-break" not in html(replace(letter, parts=(two,))).rpartition("<table")[2]
