"""Nightshift's pages inside Airflow, behind Airflow's own sign-in: who may see a DAG may see its nights."""

from datetime import date
from typing import TYPE_CHECKING, Any

from ml.errors import ConfigError, NightshiftError, NoData

if TYPE_CHECKING:
    from fastapi import FastAPI

PREFIX = "/nightshift"
SUFFIXES = ("_nightly", "_retrain", "_score", "_rollback", "_reconcile")


def application() -> "FastAPI":
    """The web application that Airflow mounts under ``/nightshift``."""
    from airflow.api_fastapi.core_api.security import requires_access_dag
    from fastapi import Depends, FastAPI
    from fastapi.responses import HTMLResponse, RedirectResponse, Response

    from ml import night_page

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    guarded = [Depends(requires_access_dag("GET"))]
    app.exception_handler(NightshiftError)(_sorry)

    @app.get("/nights/{dag_id}", dependencies=guarded)
    def of_run(dag_id: str, run: str) -> Any:
        """From the page of a DAG run to the night that it is; Airflow does not encode the ``+`` of a run's id."""
        day = _Ledger().day_of(_pipeline(dag_id), run.replace(" ", "+"))
        if day is None:
            return HTMLResponse(night_page.nothing_page(f"The ledger has no step of run {run} of {dag_id} yet."), 404)
        return RedirectResponse(f"{PREFIX}/nights/{dag_id}/{day}")

    @app.get("/nights/{dag_id}/{day}", dependencies=guarded)
    def night(dag_id: str, day: date) -> Any:
        books, pipeline = _Ledger(), _pipeline(dag_id)
        found, report, account = books.night(pipeline, day)
        if found is None:
            return HTMLResponse(night_page.nothing_page(f"There was no night of {day} for {pipeline}."), 404)
        told = books.told(pipeline, day)
        pictures = f"{day}/performance.png", f"{day}/worth.png"
        page = night_page.night_page(
            found, report, f"{day}/report", account, told, pictures[0], books.worth(pipeline), pictures[1]
        )
        return HTMLResponse(page, headers={"content-security-policy": night_page.PAGE_POLICY})

    @app.get("/nights/{dag_id}/{day}/performance.png", dependencies=guarded)
    def performance(dag_id: str, day: date) -> Any:
        picture = _Ledger().picture(_pipeline(dag_id), day)
        if picture is None:
            return HTMLResponse(night_page.nothing_page(f"Nothing was predicted up to {day}."), 404)
        return Response(picture, media_type="image/png")

    @app.get("/nights/{dag_id}/{day}/worth.png", dependencies=guarded)
    def worth(dag_id: str, day: date) -> Any:
        picture = _Ledger().worth_picture(_pipeline(dag_id))
        if picture is None:
            return HTMLResponse(night_page.nothing_page("No day says yet what a retrain gave."), 404)
        return Response(picture, media_type="image/png")

    @app.get("/nights/{dag_id}/{day}/report", dependencies=guarded)
    def report(dag_id: str, day: date) -> Any:
        html = _Ledger().report(_pipeline(dag_id), day)
        if html is None:
            return HTMLResponse(night_page.nothing_page(f"There is no drift report of {day}."), 404)
        return HTMLResponse(html, headers={"content-security-policy": night_page.REPORT_POLICY})

    return app


class _Ledger:
    """What the pages read: the ledger, and the lake for reports."""

    def __init__(self) -> None:
        from ml.lake import Lake
        from ml.ledger import Ledger
        from ml.settings import Settings

        settings = Settings.from_env()
        self.ledger, self.lake = Ledger.open(settings.ledger_url), Lake(settings.lake)
        self.pipelines = settings.config / "pipelines"

    def day_of(self, pipeline: str, run: str) -> date | None:
        rows = self.ledger.step_rows(pipeline)
        return next((row.day for row in reversed(rows) if row.external.get("run_id") == run), None)

    def night(self, pipeline: str, day: date) -> tuple[Any, Any, Any]:
        from ml import account, nights

        night = next((n for n in nights.of(self.ledger, pipeline) if n.day == day), None)
        return night, self._drift(pipeline, day), account.of(self.ledger, pipeline, day) if night else None

    def told(self, pipeline: str, day: date) -> Any:
        from ml.truth import foretold

        return foretold.newest(self.ledger, pipeline, day)

    def picture(self, pipeline: str, day: date) -> bytes | None:
        from ml.figures import png
        from ml.truth import foretold

        told = self.told(pipeline, day)
        return png(foretold.drawn(told)) if told else None

    def worth(self, pipeline: str) -> Any:
        """What retrains were worth, at the prices of the YAML; or why that YAML cannot be read."""
        from ml.config import find_pipeline
        from ml.worth.report import Report

        try:
            config = find_pipeline(self.pipelines, pipeline)
        except ConfigError as error:
            return str(error)
        return Report.of(self.ledger, config)

    def worth_picture(self, pipeline: str) -> bytes | None:
        from ml.figures import png
        from ml.worth.picture import picture

        report = self.worth(pipeline)
        if isinstance(report, str) or not report.drawable:
            return None
        return png(picture(report, self.ledger.weighings(pipeline), self.ledger.promotions(pipeline)))

    def report(self, pipeline: str, day: date) -> bytes | None:
        found = self._drift(pipeline, day)
        if not (found and found.html):
            return None
        if not self.lake.path(found.html).is_file() and (removal := self.ledger.removal(found.html)):
            raise NoData(
                f"The drift report of {day} was removed by retention on {removal.at:%Y-%m-%d}; its numbers are on the "
                "page of the night."
            )
        return self.lake.read_bytes(found.html)

    def _drift(self, pipeline: str, day: date) -> Any:
        from ml.days import Span

        return next(iter(self.ledger.drift_history(pipeline, Span(day, day))), None)


def _pipeline(dag_id: str) -> str:
    """The pipeline of a DAG; a DAG that is none of ours is a pipeline that nobody knows."""
    for suffix in SUFFIXES:
        if dag_id.endswith(suffix):
            return dag_id.removesuffix(suffix)
    return dag_id


async def _sorry(request: Any, error: Exception) -> Any:
    """What we raise on purpose, as a page with its sentence."""
    from fastapi.responses import HTMLResponse

    from ml import night_page

    return HTMLResponse(night_page.nothing_page(str(error)), 503)
