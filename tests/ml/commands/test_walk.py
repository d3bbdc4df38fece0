"""A line walked in a terminal."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from ml.commands.walk import Walk
from ml.records import Decision


@dataclass(frozen=True)
class Run:
    name: str = "tiny"
    day: str = "2013-06-01"
    told: Any = None

    def __str__(self):
        return "tiny 2013-06-01"


@pytest.fixture
def decision():
    return Decision(pipeline="tiny", day="2013-06-01", retrain=False)


def test_each_step_is_a_line(capsys, decision):
    walk = Walk(Run(), as_json=False)
    walk._told("decide", decision, 1.25)
    walk.close()
    assert capsys.readouterr().out.splitlines() == [
        "tiny 2013-06-01",
        "  decide         1.2 s   no retrain: nothing asks for it",
    ]


def test_or_all_of_them_are_one_document(capsys, decision):
    walk = Walk(Run(), as_json=True)
    walk._told("decide", decision, 1.25)
    walk._told("notify", None, 0.0)
    walk.close()
    document = json.loads(capsys.readouterr().out)
    assert [(s["step"], s["seconds"]) for s in document["steps"]] == [("decide", 1.25), ("notify", 0.0)]
    assert document["steps"][1]["result"] is None
