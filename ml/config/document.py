"""A YAML file, read strictly: what stands there is what it means, and it stands there once.

YAML 1.2 scalars (``12:30``, ``no`` and ``2013-01-31`` stay text), no duplicate keys, and neither anchors nor merge
keys: a value has one address.
"""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ml.errors import ConfigError

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """The content of a YAML file, and the line on which each place of it stands."""

    path: Path
    content: Mapping[str, Any]
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int | None:
        """The line of ``place``, or of what surrounds it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place)


class _Strict(yaml.SafeLoader):
    """PyYAML's safe loader without the surprises of YAML 1.1."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML copies it)

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None):
            raise yaml.MarkedYAMLError(
                problem="anchors and aliases are not known here; a value has one address",
                problem_mark=event.start_mark,
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(problem="a key should be a word", problem_mark=key.start_mark)
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"{key.value!r} stands here twice", problem_mark=key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
):
    _Strict.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def read(path: Path) -> Document:
    """The document in ``path``.

    Raises
    ------
    ConfigError
        The file cannot be read, is not YAML, or does not hold a mapping; the sentence has file and line.
    """
    try:
        loader = _Strict(path.read_text(encoding="utf-8-sig"))
        node = loader.get_single_node()
        content = loader.construct_document(node) if node else None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}{_at(error)}") from error
    if node is None or not isinstance(content, dict):
        raise ConfigError(f"{path}: should hold a mapping such as `name: flight_delays`, not {_kind(content)}")
    return Document(path, content, dict(_lines(node, ())))


def _at(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return f": line {mark.line + 1}: {problem}" if mark else f": {problem}"


def _kind(content: Any) -> str:
    return "nothing" if content is None else f"a {type(content).__name__}"


def _lines(node: yaml.Node, place: Place) -> "list[tuple[Place, int]]":
    here = [(place, node.start_mark.line + 1)] if place else []
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inside = (*place, key.value)
            here += [*_lines(value, inside), (inside, key.start_mark.line + 1)]
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            here += _lines(item, (*place, index))
    return here
