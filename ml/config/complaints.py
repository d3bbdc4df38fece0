"""What pydantic has against a document, said to the person who wrote it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from ml.config.document import Document, Place

Loc = tuple[str | int, ...]


def sentences(document: Document, errors: Iterable[Mapping[str, Any]], schema: Mapping[str, Any]) -> list[str]:
    """One line for each wrong place, in the order of the file: where it is, what is wrong, and what would be right."""
    found: dict[Place, str] = {}
    for error in errors:
        place = _place(document.content, error["loc"])
        if error["type"].startswith("union_tag"):
            place = (*place, "kind")
        found.setdefault(place, _what(error, schema))
    return [
        line(document, place, what) for place, what in sorted(found.items(), key=lambda p: document.line(p[0]) or 0)
    ]


def line(document: Document, place: Place, what: str) -> str:
    """``config/pipelines/x.yaml: retrain.evry: not a known key; did you mean 'every'? (line 12)``"""
    number = document.line(place)
    return f"{document.path}: {dotted(place)}: {what}" + (f" (line {number})" if number else "")


def dotted(place: Place) -> str:
    """The path of a place as people write it: ``gates[0].metric``."""
    return re.sub(r"\.\[", "[", ".".join(f"[{part}]" if isinstance(part, int) else str(part) for part in place))


def nearest(name: Any, known: Iterable[str]) -> str:
    """``; did you mean 'every'?`` when one of the known names is near, else nothing."""
    near = get_close_matches(str(name), list(known), 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _place(content: Any, loc: Loc) -> Place:
    """Where in the document an error is: its location without pydantic's own signposts (kinds, members of unions)."""
    place: list[str | int] = []
    for n, part in enumerate(loc):
        if part == "[key]" or _is_signpost(content, part, last=n == len(loc) - 1):
            continue
        place.append(part)
        content = _inside(content, part)
    return tuple(place)


def _is_signpost(content: Any, part: str | int, last: bool) -> bool:
    if isinstance(content, Mapping):
        return part not in content and (content.get("kind") == part or not last)
    return not isinstance(content, list) or isinstance(part, str)


def _inside(content: Any, part: str | int) -> Any:
    try:
        return content[part]
    except (KeyError, IndexError, TypeError):
        return {}


def _what(error: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    kind, given, context = error["type"], error.get("input"), error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(error["loc"], schema)
    if kind == "missing":
        return "is missing"
    if kind == "union_tag_not_found":
        return f"is missing (known: {', '.join(_kinds(error['loc'], schema))})"
    if kind == "union_tag_invalid":
        known = re.findall(r"'([^']+)'", context["expected_tags"])
        return f"{context['tag']!r} is not a known kind{nearest(context['tag'], known)} (known: {', '.join(known)})"
    if kind == "literal_error":
        known = re.findall(r"'([^']+)'", context["expected"])
        return f"{given!r} is not one of {', '.join(known)}{nearest(given, known)}"
    if kind == "value_error":
        return str(context["error"])
    return _plain(error["msg"], given)


def _plain(message: str, given: Any) -> str:
    if given is None:
        return "is empty"
    message = message.replace("Input should ", "should ").replace(" after validation", "")
    message = re.sub(r"valid (dictionary or instance of \w+|dictionary)", "mapping of keys to values", message)
    message = (
        message.replace("valid tuple", "list").replace("string should", "should").replace("String should", "should")
    )
    return (
        message if isinstance(given, Mapping | Sequence) and not isinstance(given, str) else f"{message}, not {given!r}"
    )


def _unknown_key(loc: Loc, schema: Mapping[str, Any]) -> str:
    *parents, key = loc
    known = _section(parents, schema).get("properties", {})
    hint = nearest(key, known)
    if not hint:
        homes = [name for name in schema.get("properties", {}) if _has(schema, name, str(key))]
        hint = f"; it belongs in {homes[0]!r}" if homes else f" (known: {', '.join(known)})" if known else ""
    return f"not a known key{hint}"


def _kinds(loc: Loc, schema: Mapping[str, Any]) -> list[str]:
    return list(_section(loc, schema).get("discriminator", {}).get("mapping", {}))


def _has(schema: Mapping[str, Any], section: str, key: str) -> bool:
    node = _section((section,), schema)
    members = [_resolved(member, schema) for member in node.get("oneOf", [node])]
    return any(key in member.get("properties", {}) for member in members)


def _section(loc: Sequence[str | int], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of the JSON schema that describes what stands at ``loc``; empty where there is none."""
    node = _resolved(schema, schema)
    for part in loc:
        node = _resolved(_below(node, part), schema)
    return node


def _below(node: Mapping[str, Any], part: str | int) -> Mapping[str, Any]:
    kinds = node.get("discriminator", {}).get("mapping", {})
    if part in kinds:
        return {"$ref": kinds[part]}
    if part in node.get("properties", {}):
        return dict(node["properties"][part])
    items = node.get("items") if isinstance(part, int) else node.get("additionalProperties")
    return items if isinstance(items, Mapping) else {}


def _resolved(node: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = next((n["$ref"] for n in (node, *node.get("anyOf", ())) if "$ref" in n), None)
    return _resolved(schema["$defs"][reference.rsplit("/", 1)[1]], schema) if reference else node
