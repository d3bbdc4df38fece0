from ml.drift.page import annotate, settle
from ml.records import ColumnDrift

UUID = "01a209cb-4ba4-7d62-9cc7-16ca06bfb920"
DASHBOARD = "e7508abc40cc4fe0a936f583b42ca9cf"


def entry(column: str, problem: str | None) -> ColumnDrift:
    return ColumnDrift(column=column, method="ks", threshold=0.05, score=None, drifted=False, problem=problem)


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


def test_problems_and_notes_stand_on_top_and_are_escaped() -> None:
    columns = [entry("<script>x", "1 of 3 values"), entry("fine", None)]
    page = annotate("<body>Evidently</body>", columns, ["sampled"])
    assert "<li>&lt;script&gt;x: 1 of 3 values</li><li>sampled</li>" in page
    assert page.index("sampled") < page.index("Evidently")
    assert "fine" not in page


def test_a_page_without_problems_stays_as_it_is() -> None:
    assert annotate("<body>report</body>", [entry("fine", None)], []) == "<body>report</body>"
