"""The parts of a letter."""

from ml.messages.letter import listed, pictures, sentence, shortened, subject


def test_a_subject_is_one_line_of_fewer_than_70_characters():
    assert subject("a\r\nBcc: eve@example.com\0\x1b[31m") == "a Bcc: eve@example.com [31m"
    assert len(subject("long " * 100)) < 70
    assert subject("long " * 100).endswith("…")


def test_what_fits_is_not_shortened():
    assert shortened("abc", 3) == "abc"
    assert shortened("abcd", 3) == "ab…"


def test_a_few_names_are_listed_and_the_others_counted():
    assert listed(("a", "b")) == "a, b"
    assert listed(tuple("abcdef")) == "a, b, c, d and 2 more"


def test_a_sentence_ends_once():
    assert [sentence(text) for text in ("a", "a.", "a…")] == ["a.", "a.", "a…"]


def test_a_picture_is_captioned_by_its_content_id():
    assert pictures((("score_history", "a.png"),))[0].caption == "Score history"
