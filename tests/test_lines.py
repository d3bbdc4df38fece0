"""What is true of a line: it names steps, and never looks at a result."""

import ast
import inspect

import pytest

from ml import lines, steps
from ml.walker import all_steps, drawing
from tests.verbs import NIGHTLY, RETRAIN

STARTS = {"nightly": (), "retrain": ("decide",), "score": (), "rollback": ("request",), "reconcile": ()}
LINES = {name: drawing(getattr(lines, name), *starts) for name, starts in STARTS.items()}
LOOKS = (ast.If, ast.IfExp, ast.For, ast.While, ast.Try, ast.With, ast.Compare, ast.BoolOp, ast.comprehension)
LOOKS += (ast.Attribute, ast.Subscript, ast.Match, ast.Assert)


def attributes_of_steps(tree):
    return [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and getattr(n.value, "id", "") == "steps"]


@pytest.mark.parametrize("name", LINES)
def test_a_line_does_not_look_at_what_a_step_gave(name):
    function = ast.parse(inspect.getsource(getattr(lines, name))).body[0]
    looks = [node for statement in function.body for node in ast.walk(statement) if isinstance(node, LOOKS)]
    assert [ast.unparse(node) for node in looks if node not in attributes_of_steps(function)] == []


@pytest.mark.parametrize("name", LINES)
def test_a_line_names_each_step_once(name):
    names = [drawn.name for drawn in LINES[name]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", LINES)
def test_a_step_hears_only_from_steps_before_it(name):
    known = set(STARTS[name])
    for drawn in LINES[name]:
        assert set(drawn.inputs) <= known
        known.add(drawn.name)


@pytest.mark.parametrize("name", all_steps())
def test_a_step_is_a_public_verb_of_steps_with_a_sentence_about_it(name):
    step = all_steps()[name].step
    assert getattr(steps, name) is step
    assert step.__doc__.strip().split("\n")[0].endswith(".")


def test_the_verbs_are_those_of_the_design():
    assert [drawn.name for drawn in LINES["nightly"]] == NIGHTLY
    assert [drawn.name for drawn in LINES["retrain"]] == RETRAIN


def test_every_verb_is_in_a_line_or_starts_one():
    verbs = {n for n, f in inspect.getmembers(steps, inspect.isfunction) if f.__module__ == steps.__name__}
    assert verbs - {drawn.name for line in LINES.values() for drawn in line} == {"request"}
