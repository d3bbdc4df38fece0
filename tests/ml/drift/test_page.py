from ml.drift.page import head, settle
from ml.records import ColumnDrift

UUID = "01a209cb-4ba4-7d62-9cc7-16ca06bfb920"
DASHBOARD = "e7508abc40cc4fe0a936f583b42ca9cf"


def entry(column: str, problem: str | None = None, drifted: bool = False) -> ColumnDrift:
    return ColumnDrift(column=column, method="ks", threshold=0.05, score=0.5, drifted=drifted, problem=problem)


def test_random_identifiers_are_numbered_everywhere() -> None:
    first = f'<script>var metric_{DASHBOARD} = {{"id": "{UUID}"}}; draw(metric_{DASHBOARD}, "{UUID}")'
    second = first.replace(UUID, UUID[::-1].replace("-", "")[:8] + UUID[8:]).replace(DASHBOARD, DASHBOARD[::-1])
    assert first != second
    assert settle(first) == settle(second)


def test_a_value_that_merely_looks_like_an_identifier_stays() -> None:
    page = f'var metric_{DASHBOARD} = ["{UUID}", "67001f67001f67001f67001f67001f67"]'
    assert UUID in settle(page)
    assert "67001f67001f67001f67001f67001f67" in settle(page)


def test_a_page_without_identifiers_stays() -> None:
    assert settle("<body></body>") == "<body></body>"


def test_verdicts_stand_on_top_the_drifted_first() -> None:
    page = head("<body>Evidently</body>", [entry("fine"), entry("odd", drifted=True)], [])
    assert "<h2>1 of 2 columns drifted</h2>" in page
    assert page.index(">odd<") < page.index(">fine<") < page.index("Evidently")
    assert "<td>fine</td><td>ks</td><td>0.5</td><td>&lt; 0.05</td><td>quiet</td>" in page


def test_problems_and_notes_are_shown_and_escaped() -> None:
    page = head("<body></body>", [entry("<script>x", "<1 of 3> values")], ["<sampled>"])
    assert "&lt;script&gt;x" in page
    assert "quiet: &lt;1 of 3&gt; values" in page
    assert "<p>&lt;sampled&gt;</p>" in page
    assert "<script>" not in page
