"""Where many of a kind live, ``__init__`` says who: every member of the folder, and nobody else."""

import ast
import importlib
from inspect import isclass
from pathlib import Path
from typing import get_args

import pytest

ROOMS = ("sources", "drift", "detectors", "gates", "occasions", "approval", "exposure", "baselines", "notifiers")
ROOMS += ("prices",)
ROOT = Path(__file__).parents[1]


def roster(room):
    return importlib.import_module(f"ml.{room}").ROSTER


def kinds_in(room):
    """The names of the classes in the folder that say which ``kind`` they are."""
    found = set()
    for path in (ROOT / "ml" / room).glob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef):
                marks = [n for n in node.body if isinstance(n, ast.AnnAssign) and ast.unparse(n.target) == "kind"]
                found |= {node.name for n in marks if "Literal" in ast.unparse(n.annotation)}
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_a_roster_names_every_member_of_its_folder(room):
    assert {member.__name__ for member in roster(room)} == kinds_in(room)


@pytest.mark.parametrize("room", ROOMS)
def test_what_a_roster_exports_is_there(room):
    package = importlib.import_module(f"ml.{room}")
    assert [name for name in package.__all__ if not hasattr(package, name)] == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_two_members_are_of_one_kind(room):
    kinds = [member.model_fields["kind"].default for member in roster(room)]
    assert len(kinds) == len(set(kinds))


MEMBERS = [member for room in ROOMS for member in roster(room)]


@pytest.mark.parametrize("member", MEMBERS)
def test_a_member_has_a_kind_a_sentence_and_a_file_of_its_own(member):
    kind = member.model_fields["kind"]
    assert get_args(kind.annotation) == (kind.default,)
    assert member.__doc__.strip()
    module = importlib.import_module(member.__module__)
    assert [c for c in vars(module).values() if isclass(c) and c in MEMBERS] == [member]


@pytest.mark.parametrize("member", MEMBERS)
def test_a_member_is_frozen_and_refuses_what_it_does_not_know(member):
    assert member.model_config["frozen"]
    assert member.model_config["extra"] == "forbid"
