"""The OpenAPI document: each pipeline with the fields of the version that answers, and an example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml.serving.reading import ARROW, JSON, Reading

_PROBLEMS = {
    400: "The body cannot be read.",
    401: "No token, or one that is not known.",
    403: "This caller may not ask this pipeline.",
    404: "There is no such pipeline.",
    408: "The body did not come in time.",
    413: "Too many rows, or too long a body.",
    415: "Neither JSON nor an Arrow stream.",
    422: "Some fields are wrong; each is named.",
    429: "Too many requests of this caller.",
    500: "The service failed.",
    503: "Nothing serves yet, or too much is under way.",
}


def row_schema(reading: Reading) -> dict[str, Any]:
    """What a row must look like, as JSON schema."""
    return {
        "type": "object",
        "properties": {name: field.json_schema() for name, field in reading.fields.items()},
        "required": [name for name, field in reading.fields.items() if field.needed],
        "additionalProperties": False,
    }


def openapi(endpoints: Mapping[str, Any]) -> dict[str, Any]:
    """The document; a pipeline without a version in Production has a row that is any object."""
    paths, schemas = {}, dict(_SCHEMAS)
    for name, endpoint in sorted(endpoints.items()):
        served = endpoint.shelf.current
        ready = served.prepared if served is not None else None
        schemas[f"{name}_row"] = row_schema(ready.reading) if ready else {"type": "object"}
        example = {"example": ready.example} if ready else {}
        paths[f"/v1/{name}/predict"] = {"post": _predict(name, endpoint.pipeline.description, example)}
        paths[f"/v1/{name}"] = {"get": _about(name, endpoint.pipeline.description)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Nightshift predictions", "version": "1"},
        "paths": paths | _looks(),
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _predict(name: str, description: str, example: dict[str, Any]) -> dict[str, Any]:
    row = {"$ref": f"#/components/schemas/{name}_row"}
    body = {"oneOf": [row, {"type": "array", "items": row, "minItems": 1}]}
    content = {JSON: {"schema": body, **example}, ARROW: {"schema": {"type": "string", "format": "binary"}}}
    explain = {
        "name": "explain",
        "in": "query",
        "required": False,
        "schema": {"type": "string", "enum": ["true", "false"]},
        "description": "Whether each answer says what each field contributed.",
    }
    return {
        "operationId": f"predict_{name}",
        "summary": description or f"Predictions of {name}.",
        "security": [{"token": []}],
        "parameters": [explain],
        "requestBody": {"required": True, "content": content},
        "responses": {"200": _told("The predictions.", "Answer"), **_problems()},
    }


def _about(name: str, description: str) -> dict[str, Any]:
    return {
        "operationId": f"about_{name}",
        "summary": f"The version of {name} that answers, its fields and an example. {description}".strip(),
        "security": [{"token": []}],
        "responses": {"200": _told("What answers.", "About"), **_problems(401, 403, 404, 500, 503)},
    }


def _looks() -> dict[str, Any]:
    alive = {"operationId": "healthz", "summary": "Whether the process lives.", "responses": {"200": _told("It does.")}}
    ready = {
        "operationId": "readyz",
        "summary": "Whether every pipeline has a version that answers.",
        "responses": {"200": _told("All have."), "503": _told("Some have none; they are named.")},
    }
    return {"/healthz": {"get": alive}, "/readyz": {"get": ready}}


def _told(words: str, schema: str | None = None) -> dict[str, Any]:
    of = {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "object"}
    return {"description": words, "content": {JSON: {"schema": of}}}


def _problems(*statuses: int) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        str(s): {"description": words, "content": problem}
        for s, words in _PROBLEMS.items()
        if s in (statuses or _PROBLEMS)
    }


_WRONG = {
    "type": "object",
    "properties": {
        "row": {"type": "integer"},
        "field": {"type": ["string", "null"]},
        "value": {"type": "string"},
        "wanted": {"type": "string"},
    },
    "required": ["row", "field", "value", "wanted"],
}
_ANSWERED = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "version": {"type": "integer"},
        "probability": {"type": "number", "minimum": 0, "maximum": 1},
        "value": {"type": "number"},
        "explanation": {"type": "object"},
    },
    "required": ["id", "version"],
}
_SCHEMAS: dict[str, Any] = {
    "Answer": {
        "type": "object",
        "properties": {
            "pipeline": {"type": "string"},
            "version": {"type": "integer"},
            "since": {"type": "string", "format": "date-time"},
            "predictions": {"type": "array", "items": _ANSWERED},
        },
        "required": ["pipeline", "version", "since", "predictions"],
    },
    "About": {
        "type": "object",
        "required": ["pipeline", "task", "version", "since", "schema", "example"],
    },
    "Problem": {
        "type": "object",
        "properties": {
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "wrong": {"type": "array", "items": _WRONG},
        },
        "required": ["status", "detail"],
    },
}
