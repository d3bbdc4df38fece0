"""A section as text and as HTML."""

from ml.account.section import WIDTH, Section, table
from ml.messages.letter import Bullets, Paragraph

SECTION = Section(
    "gates",
    (
        Paragraph("passed \x1b[31m" + "word " * 40),
        Bullets("for it", ("<b>one</b>",)),
        table("scores", ("role", "loss"), [("champion", "0.5")]),
    ),
    {},
)


def test_as_text_it_is_indented_wrapped_and_cannot_move_the_cursor():
    lines = list(SECTION.lines())
    assert lines[:2] == ["", "Gates"]
    assert all(line.startswith("  ") and len(line) <= WIDTH + 2 for line in lines[2:])
    assert "\x1b" not in "".join(lines)
    assert lines[-5:] == ["  for it", "  - <b>one</b>", "  scores", "  role      loss", "  champion   0.5"]


def test_as_html_its_texts_are_escaped():
    html = SECTION.html()
    assert "<h2>Gates</h2>" in html
    assert "<li>&lt;b&gt;one&lt;/b&gt;</li>" in html
    assert '<td class="number">0.5</td>' in html


def test_a_long_table_on_a_page_opens_at_a_click():
    short, long = (table("slices", ("slice", "rows"), [(f"town {n}", "9") for n in range(rows)]) for rows in (3, 40))
    assert "<details>" not in Section("evaluation", (short,), {}).html()
    assert "<summary>slices (40 rows)</summary>" in Section("evaluation", (long,), {}).html()
