"""The addresses of the service."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ml.serving.openapi import openapi, row_schema
from ml.serving.refusals import Refused
from ml.serving.service import Service
from ml.shelf import Shelf

PROBLEM = "application/problem+json"
_PLAIN = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


def app(service: Service, ending: Callable[[], None] = lambda: None) -> FastAPI:
    """The service as an ASGI application; ``ending`` is called after the last request."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        service.close()
        ending()

    made = FastAPI(title="Nightshift predictions", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    made.add_exception_handler(Refused, _refused)
    made.add_exception_handler(HTTPException, _elsewhere)
    made.add_exception_handler(Exception, _failed)
    _predictions(made, service)
    _looks(made, service)
    return made


def _predictions(made: FastAPI, service: Service) -> None:

    async def predict(request: Request) -> Response:
        pipeline, began, status = request.path_params["pipeline"], time.perf_counter(), 500
        try:
            answer = await service.predict(pipeline, request)
            status = 200
            return _json(answer.document())
        except Refused as refused:
            status = refused.status
            raise
        finally:
            service.done(pipeline, status, began)

    async def about(pipeline: str, request: Request) -> Response:
        endpoint, _ = service.admitted(pipeline, request.headers.get("authorization"))
        return _json(described(endpoint))

    # a plain route: what FastAPI would look up for each request is not needed here
    made.add_route("/v1/{pipeline}/predict", predict, methods=["POST"])
    made.add_api_route("/v1/{pipeline}", about, methods=["GET"])


def described(endpoint: Any) -> dict[str, Any]:
    """What a caller wants to know of a pipeline before it asks."""
    _, served = endpoint.began()
    ready = served.prepared
    return {
        "pipeline": served.pipeline,
        "description": endpoint.pipeline.description,
        "task": served.task,
        "version": served.version,
        "run_id": served.run_id,
        "since": served.since,
        "compiled": ready.predictor.compiled,
        **_around(endpoint.shelf, endpoint.traffic.unlike),
        "schema": row_schema(ready.reading),
        "example": ready.example,
    }


def _around(shelf: Shelf, unlike: str | None) -> dict[str, Any]:
    """What else there is to say of a shelf, where there is something: what waits, what was refused, what is away."""
    known = {
        "not_compiled": shelf.current.prepared.predictor.why if shelf.current else "",
        "candidate": shelf.candidate.version if shelf.candidate else None,
        "candidate_sees_nothing": unlike,
        "stopped": shelf.stopped[1] if shelf.stopped else None,
        "refused": [refusal.sentence for _, refusal in sorted(shelf.refused.items())],
        "mlflow_away": shelf.away,
    }
    return {name: value for name, value in known.items() if value}


def _looks(made: FastAPI, service: Service) -> None:
    from starlette.responses import Response

    async def healthz() -> Response:
        return _json({"status": "alive"})

    async def readyz() -> Response:
        lacking = service.lacking()
        return _json({"ready": not lacking, "lacking": lacking}, 503 if lacking else 200)

    async def metrics(request: Request) -> Response:
        if not _is_near(request):
            raise Refused(403, "metrics are told to this machine alone")
        service.gauges()
        text, kind = service.metrics.text()
        return Response(text, headers={"Content-Type": kind})

    async def schema() -> Response:
        return _json(openapi(service.endpoints))

    made.add_api_route("/healthz", healthz, methods=["GET"])
    made.add_api_route("/readyz", readyz, methods=["GET"])
    made.add_api_route("/metrics", metrics, methods=["GET"])
    made.add_api_route("/openapi.json", schema, methods=["GET"])


def _is_near(request: Request) -> bool:
    host = request.client.host if request.client else ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _json(document: Any, status: int = 200, kind: str = "application/json", **headers: str) -> Response:
    return Response(orjson.dumps(document), status, headers={**_PLAIN, **headers}, media_type=kind)


def _refused(_: Request, refused: Any) -> Response:
    return _json(refused.document, refused.status, PROBLEM, **refused.headers)


def _elsewhere(_: Request, error: Any) -> Response:
    return _json(
        {"status": error.status_code, "detail": error.detail}, error.status_code, PROBLEM, **(error.headers or {})
    )


def _failed(request: Request, error: Exception) -> Response:
    logging.getLogger(__name__).error("a request to %s failed", request.url.path, exc_info=error)
    return _json({"status": 500, "detail": "the service failed; its log says why"}, 500, PROBLEM)
