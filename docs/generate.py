"""Fills what follows from the code into the pages: ``python docs/generate.py``; a test keeps it current.

A page marks a place with ``<!-- begin NAME -->`` and ``<!-- end NAME -->``; what is written by hand stays as it is.
"""

import re
import sys
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

MARKED = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def pages() -> list[Path]:
    """All pages of words."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def filled(text: str) -> str:
    """The page with every marked place as the code has it now."""
    return MARKED.sub(lambda place: f"{place[1]}\n{BLOCKS[place[2]]()}\n\n{place[3]}", text)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown; a bar inside a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def steps() -> str:
    """Every step of every line: what it does, what it hears, what it gives."""
    from ml import lines
    from ml.walker import drawing

    parts = []
    starting = {lines.retrain: ("decide",), lines.rollback: ("request",)}
    for line in (lines.nightly, lines.retrain, lines.score, lines.rollback, lines.reconcile):
        starts = starting.get(line, ())
        rows = [[f"`{d.name}`", ", ".join(d.inputs) or "", first(d.step.__doc__)] for d in drawing(line, *starts)]
        parts.append(
            f"**{line.__name__}**: {first(line.__doc__)}\n\n" + table(["step", "hears from", "what it does"], rows)
        )
    return "\n\n".join(parts)


def first(text: str | None) -> str:
    """The first paragraph of a docstring, as one line of Markdown."""
    return " ".join(cleandoc(text or "").split("\n\n")[0].split()).replace("``", "`")


def cli() -> str:
    """Every command of ``nightshift`` with its arguments and options."""
    import typer

    from ml.cli import app

    return "\n\n".join(_command(name, command) for name, command in _commands(typer.main.get_command(app)))


def _commands(group: Any, lead: str = "") -> Iterator[tuple[str, Any]]:
    """The commands of a group, and of the groups in it, each by the words that are typed."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{lead}{name} ")
        else:
            yield f"{lead}{name}", command


def _command(name: str, command: Any) -> str:
    parameters = [p for p in command.params if p.name != "help"]
    words = [_metavar(p) for p in parameters if p.param_type_name == "argument"]
    rows = [[f"`{_written(p)}`", ("Needed. " if p.required else "") + (p.help or "")] for p in parameters]
    usage = " ".join(["nightshift", name, *words])
    example = (command.epilog or "").removeprefix("Example: ").strip("`")
    return (
        f"### {name}\n\n`{usage}`\n\n{first(command.help)}\n\n{table(['', ''], rows)}\n\n```console\n$ {example}\n```"
    )


def _metavar(parameter: Any) -> str:
    name = parameter.metavar or parameter.name.upper()
    return name if parameter.required else f"[{name}]"


def _written(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return _metavar(parameter)
    return parameter.opts[0] if parameter.is_flag else f"{parameter.opts[0]} {parameter.name.upper()}"


def verbs() -> str:
    """Every verb of the Makefile that has a sentence."""
    found = re.findall(r"^([\w-]+):[^#\n]*## *(.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return table(["", ""], [[f"`make {name}`", text] for name, text in found])


def configuration() -> str:
    """Every section of a pipeline's YAML, from the JSON schema that also completes it in an editor."""
    from ml.config import json_schema

    schema = json_schema()
    return "\n\n".join(_section(title, node, schema) for title, node in _sections(schema))


def _sections(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "The file", schema
    told: set[str] = set()
    for name, node in sorted(schema["properties"].items(), key=lambda pair: pair[0] == "upstream"):
        for member in _members(node, schema):
            yield from _with_inner(name, member, schema, told)
        for member in _inner(node, schema):
            yield from _with_inner(f"{name}, each", member, schema, told)


def _with_inner(
    name: str, node: dict[str, Any], schema: dict[str, Any], told: set[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """A section and those inside it, each but once."""
    if node["title"] in told:
        return
    told.add(node["title"])
    kind = node["properties"].get("kind", {}).get("const")
    yield f"{name}, kind: {kind}" if kind else name, node
    for inner, field in node["properties"].items():
        for member in _inner(field, schema):
            yield from _with_inner(f"{name.split(',')[0]}.{inner}, each", member, schema, told)
        for member in _members(field, schema) if "discriminator" not in field else []:
            yield from _with_inner(f"{name.split(',')[0]}.{inner}", member, schema, told)


def _inner(node: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The sections that stand by name at a field."""
    reference = node.get("additionalProperties")
    return [_resolved(reference, schema)] if isinstance(reference, dict) and "$ref" in reference else []


def _members(node: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The kinds of section that may stand at a field: none for a plain value, several for a union."""
    node = node.get("items", node)
    found = [_resolved(member, schema) for member in node.get("oneOf", node.get("anyOf", [node]))]
    return [member for member in found if "properties" in member]


def _resolved(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    return schema["$defs"][node["$ref"].rsplit("/", 1)[1]] if "$ref" in node else node


def _section(title: str, node: dict[str, Any], schema: dict[str, Any]) -> str:
    rows = [_field(name, field, node, schema) for name, field in node["properties"].items()]
    heading = "###" if "." in title else "##"
    return f"{heading} {title}\n\n{node.get('description', '')}\n\n" + table(["key", "value", "default", ""], rows)


def _field(name: str, field: dict[str, Any], section: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    default = "needed" if name in section.get("required", []) else _value(field.get("default"))
    return [f"`{name}`", _type(field, schema), default, " ".join(field.get("description", "").split())]


def _value(value: Any) -> str:
    if value in (None, "", []):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _type(field: dict[str, Any], schema: dict[str, Any]) -> str:
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if "oneOf" in field or "$ref" in field:
        return "a section"
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_type(f, schema) for f in field["anyOf"] if f.get("type") != "null"))
    if field.get("type") == "array":
        return f"list of {_type(field['items'], schema)}"
    if "additionalProperties" in field:
        return "sections by name"
    return _scalar(field)


def _scalar(field: dict[str, Any]) -> str:
    if field.get("pattern") == r"^\d+[hdw]$":
        return "a span such as `6h` or `4w`"
    if field.get("pattern") == r"^\d+[dw]$":
        return "a span such as `7d` or `8w`"
    words = {"string": "text", "integer": "whole number", "boolean": "`true` or `false`", "number": "number"}
    bounds = {"minimum": "from", "exclusiveMinimum": "above", "maximum": "to", "exclusiveMaximum": "below"}
    limits = [f"{word} {field[key]:g}" for key, word in bounds.items() if key in field]
    return " ".join([words.get(field.get("type", ""), "text"), *limits])


def methods() -> str:
    """Every drift method, and on which side of its threshold drift lies."""
    from ml.drift.methods import METHODS

    rows = [[f"`{m.name}`", " or ".join(m.kinds), f"{m.drift} the threshold", m.idea] for m in METHODS.values()]
    return table(["method", "columns", "drifted when", "what it is"], rows)


def metrics() -> str:
    """Every metric that an evaluation, a gate or a report may name."""
    from ml.metrics import METRICS

    return table(["metric", "task", "better when"], [[f"`{m.name}`", m.task, m.better] for m in METRICS.values()])


def faults() -> str:
    """Every fault of a drill, how it comes about, and its size."""
    from ml.drills import ROSTER

    return table(["fault", "what it is", "how it comes about", "size"], [_fault(kind) for kind in ROSTER])


def _fault(kind: Any) -> list[str]:
    fields = {name: field.default for name, field in kind.model_fields.items()}
    sizes = [f"`{name}` {size:g}" for name, size in fields.items() if isinstance(size, int | float)]
    return [f"`{fields['kind']}`", kind.what, kind.how, ", ".join(sizes)]


BLOCKS = {f.__name__: f for f in (steps, cli, verbs, configuration, methods, metrics, faults)}


def main() -> None:
    """Bring all pages up to date; name those that changed."""
    for page in pages():
        text = page.read_text()
        if (new := filled(text)) != text:
            page.write_text(new)
            print(page.relative_to(ROOT))


if __name__ == "__main__":
    main()
