"""Nightshift's pages inside Airflow."""

import asyncio
from datetime import UTC, date, datetime

import httpx
import pytest

from ml.lake import Lake
from ml.ledger import Ledger, migrate
from ml.records import ColumnDrift, Decision, DriftReport, Estimated, Removal

DAY = date(2013, 5, 1)
RUN = "scheduled__2013-05-02T06:00:00+00:00"
pytestmark = [pytest.mark.integration, pytest.mark.filterwarnings("ignore:Using `httpx` with `starlette.testclient`")]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A ledger with one night whose report lies in the lake, as the environment names them."""
    url = f"sqlite:///{tmp_path}/ledger.db"
    for name, value in {"CONFIG": tmp_path, "LAKE": tmp_path / "lake", "LEDGER_URL": url}.items():
        monkeypatch.setenv(f"NIGHTSHIFT_{name}", str(value))
    monkeypatch.setenv("NIGHTSHIFT_MLFLOW_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("NIGHTSHIFT_SMTP_URL", f"file://{tmp_path}/mails")
    migrate(url)
    ledger = Ledger.open(url)
    html = Lake(tmp_path / "lake").put_bytes(b"<html>evidently</html>", "flights", "drift", suffix=".html").uri
    ledger.record_drift(report(html))
    with ledger.attempt("flights", DAY, "detect", external={"run_id": RUN}) as attempt:
        attempt.done(None)
    return ledger


def report(html):
    column = ColumnDrift(column="temp", method="wasserstein", threshold=0.1, score=0.2, drifted=True)
    return DriftReport(
        pipeline="flights",
        day=DAY,
        reference=(DAY, DAY),
        current=(DAY, DAY),
        reference_rows=9,
        current_rows=9,
        columns=(column,),
        html=html,
    )


def get(path, allowed=True):
    from airflow.api_fastapi.core_api import security
    from fastapi import HTTPException

    from plugins import pages

    def access(method):
        def check():
            if not allowed:
                raise HTTPException(403)

        return check

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(security, "requires_access_dag", access)
        app = pages.application()

    async def ask():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://server") as client:
            return await client.get(path)

    return asyncio.run(ask())


def test_a_run_leads_to_its_night_though_its_id_has_a_plus(place):
    answer = get(f"/nights/flights_nightly?run={RUN}")
    assert answer.status_code == 307
    assert answer.headers["location"] == f"/nightshift/nights/flights_nightly/{DAY}"


def test_the_night_shows_its_columns_and_frames_the_report(place):
    answer = get(f"/nights/flights_nightly/{DAY}")
    assert answer.status_code == 200
    assert "temp" in answer.text
    assert f'src="{DAY}/report"' in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_night_explains_its_decision(place):
    place.record_decision(Decision(pipeline="flights", day=DAY, retrain=False, against=("the day is quarantined",)))
    page = get(f"/nights/flights_nightly/{DAY}").text
    assert "<h2>Decision</h2>" in page
    assert "<li>the day is quarantined</li>" in page


def test_the_night_shows_how_versions_did_on_a_picture(place):
    assert get(f"/nights/flights_nightly/{DAY}/performance.png").status_code == 404
    common = {"pipeline": "flights", "version": 1, "metric": "log_loss", "level": 0.95, "rows": 9}
    place.record_estimate(Estimated(**common, day=DAY, state="unknown", why="too few labels have come"), DAY)
    page = get(f"/nights/flights_nightly/{DAY}")
    assert "unknown: too few labels have come" in page.text
    assert f'<img src="{DAY}/performance.png"' in page.text
    picture = get(f"/nights/flights_nightly/{DAY}/performance.png")
    assert (picture.headers["content-type"], picture.content[:4]) == ("image/png", b"\x89PNG")


def test_the_night_shows_what_retrains_were_worth(place, tmp_path):
    from tests import tiny
    from tests.ml.worth.test_entries import decided, promoted, weighed

    unread = get(f"/nights/flights_nightly/{DAY}")
    assert (unread.status_code, "It cannot be told: " in unread.text) == (200, True)
    tiny.write(tmp_path / "made")
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "pipelines" / "tiny.yaml").write_bytes((tmp_path / "made/config/pipelines/tiny.yaml").read_bytes())
    assert get(f"/nights/tiny_nightly/{DAY}/worth.png").status_code == 404
    for n, (kind, version) in enumerate([("first model", 1), ("schedule", 2)]):
        decided(place, n * 3, kind)
        promoted(place, n * 3, version, version - 1 or None)
        with place.attempt("tiny", DAY, "detect") as attempt:
            attempt.done(None)
    weighed(place, 4, 2, 1, losses={"log_loss": (0.1, 0.5)}, rows=100)
    page = get(f"/nights/tiny_nightly/{DAY}")
    assert "1 retrain after the first version, 1 promoted, gave 40 log_loss on 1 matured day" in page.text
    assert f'<img src="{DAY}/worth.png"' in page.text
    picture = get(f"/nights/tiny_nightly/{DAY}/worth.png")
    assert (picture.headers["content-type"], picture.content[:4]) == ("image/png", b"\x89PNG")


def test_the_report_is_sandboxed_wherever_it_is_opened(place):
    answer = get(f"/nights/flights_nightly/{DAY}/report")
    assert "evidently" in answer.text
    assert answer.headers["content-security-policy"].startswith("sandbox allow-scripts;")


@pytest.mark.parametrize("path", ["/nights/flights_nightly?run=other", "/nights/flights_nightly/2013-05-09"])
def test_what_is_not_there_is_a_sentence(place, path):
    answer = get(path)
    assert answer.status_code == 404
    assert "Nothing here" in answer.text


@pytest.mark.parametrize(
    "path", [f"?run={RUN}", f"/{DAY}", f"/{DAY}/report", f"/{DAY}/performance.png", f"/{DAY}/worth.png"]
)
def test_who_may_not_see_the_dag_sees_none_of_it(place, path):
    answer = get(f"/nights/flights_nightly{path}", allowed=False)
    assert answer.status_code == 403
    assert "temp" not in answer.text


def test_a_ledger_that_cannot_be_read_is_a_sentence(place, monkeypatch):
    monkeypatch.delenv("NIGHTSHIFT_LAKE")
    answer = get(f"/nights/flights_nightly/{DAY}")
    assert answer.status_code == 503
    assert "NIGHTSHIFT_LAKE is not set" in answer.text


def test_a_report_that_retention_removed_is_a_sentence(place, tmp_path):
    html = place.drift_history("flights")[0].html
    at = datetime(2026, 1, 2, tzinfo=UTC)
    removal = Removal(pipeline="flights", kind="page", what=html, bytes=1, why="old", since=at, by="me", at=at)
    place.record_removal(removal)
    Lake(tmp_path / "lake").path(html).unlink()
    answer = get(f"/nights/flights_nightly/{DAY}/report")
    assert f"The drift report of {DAY} was removed by retention on 2026-01-02" in answer.text
