from datetime import date

from ml.messages.letter import Bullets, Commands, Letter, Links, Paragraph, Picture, Row, Table
from ml.messages.markdown import escaped, markdown

PARTS = (
    Table("Scores", ("metric", "a|b"), (Row(("log_loss", "0.5")),)),
    Bullets("Why", ("*bold* <script>", "reads `production` well")),
    Paragraph("so far"),
    Commands("Type", (("this:", "nightshift run x"),)),
    Picture("p", "a picture"),
)


def letter(parts=PARTS, **links):
    return Letter(
        pipeline="flights",
        day=date(2013, 1, 31),
        tone="good",
        headline="h",
        happened="It happened.",
        why="Because # of rows.",
        todo="Do `nothing`.",
        parts=parts,
        links=Links(**links),
    )


def test_a_letter_is_sentences_links_and_parts():
    assert markdown(letter(mlflow="http://m/#/x", night="javascript:alert(1)")) == (
        "It happened. Because \\# of rows.\n\n"
        "**Do `nothing`.**\n\n"
        "[Open the model in MLflow](<http://m/#/x>)\n\n"
        "#### Scores\n\n| metric | a\\|b |\n|---|---:|\n| log\\_loss | 0.5 |\n\n"
        "#### Why\n\n- \\*bold\\* \\<script\\>\n- reads `production` well\n\n"
        "so far\n\n"
        "#### Type\n\n- this: `nightshift run x`\n"
    )


def test_other_parts_may_take_the_place_of_its_own():
    assert markdown(letter(), ()).count("\n\n") == 1


def test_what_comes_from_data_stays_on_its_line():
    assert escaped("a\n# b") == "a \\# b"
