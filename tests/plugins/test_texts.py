import pytest

from ml import lines
from ml.config import PipelineConfig
from ml.walker import drawing
from plugins import texts


@pytest.fixture
def pages(pipeline: PipelineConfig) -> dict[str, str]:
    return {"nightly": texts.nightly(pipeline), "retrain": texts.retrain(pipeline)}


@pytest.mark.parametrize(("name", "starts"), [("nightly", ()), ("retrain", ("request",))])
def test_a_page_has_a_row_for_each_step(name, starts, pages):
    for drawn in drawing(getattr(lines, name), *starts):
        assert f"| {drawn.name} | {drawn.step.__doc__.split()[0]}" in pages[name]


def test_a_page_draws_its_line_and_what_follows_it(pages):
    assert (
        "`pull → validate → mature → fall_back → materialise → calibrate → detect → diagnose → decide → notify "
        "→ deliver`" in pages["nightly"]
    )
    assert "`decide → request_retrain ⇢ tiny_retrain`" in pages["nightly"]
    assert "`request → snapshot → train → " in pages["retrain"]


def test_a_page_says_when_it_runs_and_where_results_appear(pages):
    assert "02:00 (UTC)" in pages["nightly"]
    assert all("nightshift history tiny" in page for page in pages.values())
