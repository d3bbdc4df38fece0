from ml.drills import EncodingDamaged, TextTruncated


def test_text_is_cut_off_below_its_longest(strike, today):
    after = today(strike(TextTruncated(column="line")).tables)["line"]
    assert set(after) == {"A1", "B2", "Mün"}


def test_text_is_cut_off_where_told(strike, today):
    assert set(today(strike(TextTruncated(column="station", characters=2)).tables)["station"]) == {"No", "So"}


def test_letters_beyond_ascii_become_two(strike, today):
    after = today(strike(EncodingDamaged(column="line", share=1)).tables)["line"]
    assert set(after) == {"A1", "B2", "M\u00c3\u00bcns"}


def test_in_plain_text_a_letter_is_lost(strike, today):
    after = today(strike(EncodingDamaged(column="station", share=1)).tables)["station"]
    assert set(after) == {"Nort\ufffd", "Sout\ufffd"}
