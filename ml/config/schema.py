"""The JSON schema that completes a pipeline's YAML in an editor.

A file that starts with ``# yaml-language-server: $schema=../schema.json`` is completed, explained and checked while it
is written, in every editor with a YAML language server.
"""

import json
from typing import Any

from ml.config.pipeline import PipelineConfig


def json_schema() -> dict[str, Any]:
    """The schema of ``config/pipelines/*.yaml``, with the docstrings as descriptions."""
    schema = PipelineConfig.model_json_schema()
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    _ask_for_kinds(schema, schema["$defs"])
    _write_days_as_text(schema)
    return schema


def schema_text() -> str:
    """The content of ``config/schema.json``."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _ask_for_kinds(node: Any, definitions: dict[str, Any]) -> None:
    """Where ``kind`` tells the members of a union apart, it must be written; pydantic lists it as optional."""
    if isinstance(node, dict):
        for reference in node.get("discriminator", {}).get("mapping", {}).values():
            member = definitions[reference.rsplit("/", 1)[1]]
            member["required"] = sorted({"kind", *member.get("required", [])})
    for inside in _within(node):
        _ask_for_kinds(inside, definitions)


def _write_days_as_text(node: Any) -> None:
    """Defaults of spans as the owner would write them: ``56d`` instead of 56."""
    if isinstance(node, dict) and "d" in node.get("pattern", "") and isinstance(node.get("default"), int):
        node["default"] = f"{node['default']}d"
    for inside in _within(node):
        _write_days_as_text(inside)


def _within(node: Any) -> list[Any]:
    return list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
