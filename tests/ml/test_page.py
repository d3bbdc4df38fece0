from ml import page

ODD = '</td><script>alert("1")</script>'


def test_every_text_is_escaped():
    whole = page.document(ODD, page.table([ODD], [page.row(ODD, ODD, numbers=(1,), kind='"><script>')]))
    assert "<script" not in whole
    assert "<script" not in page.folded(ODD, "") + page.capital(ODD)


def test_numbers_stand_at_the_right():
    assert page.row("a", "1", numbers=(1,)) == '<tr><td>a</td><td class="number">1</td></tr>'


def test_a_long_text_has_room_where_the_screen_is_narrow():
    text = "unknown: 27 days have both an estimate and their labels"
    assert page.row(text, "short") == f'<tr><td class="long">{text}</td><td>short</td></tr>'
    assert "td.long { min-width: 26ch }" in page.document("t", "")


def test_no_name_of_a_file_makes_the_page_wider_than_its_screen():
    assert "p, li { overflow-wrap: anywhere }" in page.document("t", "")


def test_a_row_can_be_of_a_kind():
    assert page.row("a", kind="warn").startswith('<tr class="warn">')


def test_a_sentence_begins_with_a_capital():
    assert page.capital("quiet <night>") == "Quiet &lt;night&gt;"
