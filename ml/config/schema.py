"""The JSON schema that completes a pipeline's YAML in an editor.

A file that starts with ``# yaml-language-server: $schema=../schema.json`` is completed, explained and checked while it
is written, in every editor with a YAML language server.
"""

import ast
import json
import re
from typing import Any

from pydantic import TypeAdapter

from ml.config.pipeline import PipelineConfig
from ml.days import Days

_DAYS = TypeAdapter(Days).json_schema()["pattern"]


def json_schema() -> dict[str, Any]:
    """The schema of ``config/pipelines/*.yaml``, with the docstrings as descriptions."""
    schema = PipelineConfig.model_json_schema()
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    for section in (schema, *schema["$defs"].values()):
        _speak_plainly(section)
    _ask_for_kinds(schema, schema["$defs"])
    _settle_defaults(schema)
    return schema


def schema_text() -> str:
    """The content of ``config/schema.json``."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _speak_plainly(section: dict[str, Any]) -> None:
    """The docstring as an editor shows it: unwrapped, and its running examples as examples of the YAML."""
    text, *code = section.get("description", "").split(">>> ")
    paragraphs = (re.sub(r"\s+", " ", paragraph).strip() for paragraph in text.replace("``", "`").split("\n\n"))
    section["description"] = "\n\n".join(filter(None, paragraphs))
    if code:
        section["examples"] = [_example(line.splitlines()[0], section["properties"]) for line in code]


def _example(code: str, properties: dict[str, Any]) -> dict[str, Any]:
    """``AtLeast(metric="roc_auc", value=0.65)`` as it stands in YAML."""
    call = ast.parse(code, mode="eval").body
    given = {k.arg: ast.literal_eval(k.value) for k in call.keywords if k.arg} if isinstance(call, ast.Call) else {}
    kind = properties.get("kind", {}).get("const")
    return ({"kind": kind} if kind else {}) | given


def _ask_for_kinds(node: Any, definitions: dict[str, Any]) -> None:
    """Where ``kind`` tells the members of a union apart, it must be written; pydantic lists it as optional."""
    if isinstance(node, dict):
        for reference in node.get("discriminator", {}).get("mapping", {}).values():
            member = definitions[reference.rsplit("/", 1)[1]]
            member["required"] = sorted({"kind", *member.get("required", [])})
    for inside in _within(node):
        _ask_for_kinds(inside, definitions)


def _settle_defaults(node: Any) -> None:
    """Defaults as the owner would write them: ``56d`` instead of 56; a section's stand in the section, once."""
    if isinstance(node, dict) and node.get("pattern") == _DAYS and isinstance(node.get("default"), int):
        node["default"] = f"{node['default']}d"
    if isinstance(node, dict) and "$ref" in node:
        node.pop("default", None)
    for inside in _within(node):
        _settle_defaults(inside)


def _within(node: Any) -> list[Any]:
    return list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
