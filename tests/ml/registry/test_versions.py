import subprocess
import sys

import pytest

pytestmark = pytest.mark.integration


def test_the_next_version_archives_the_one_before(registry, name, versions, state):
    versions(registry, name, 3)
    for production, previous in ((2, 1), (3, 2), (3, 2)):
        registry.settle(name, production, previous)
    stages, aliases = state(registry, name)
    assert stages == {1: "Archived", 2: "Archived", 3: "Production"}
    assert aliases == {"production": 3, "previous": 2}


def test_a_version_waits_in_staging_and_the_next_one_takes_its_place(registry, name, versions, state):
    versions(registry, name, 3)
    registry.stage(name, 2)
    assert state(registry, name) == ({1: "Production", 2: "Staging", 3: "None"}, {"production": 1, "staging": 2})
    for _ in range(2):
        registry.stage(name, 3)
    assert state(registry, name) == ({1: "Production", 2: "Archived", 3: "Staging"}, {"production": 1, "staging": 3})


def test_what_left_the_stage_none_already_is_not_staged_again(registry, name, versions, state):
    versions(registry, name, 2)
    registry.archive(name, 2, "rejected by ada")
    before = state(registry, name)
    for version in (1, 2):
        registry.stage(name, version)
    assert state(registry, name) == before


def test_an_archived_version_says_why_and_leaves_no_alias(registry, name, versions, state):
    versions(registry, name, 2)
    registry.stage(name, 2)
    registry.archive(name, 2, "rejected by ada: the carriers look odd")
    assert state(registry, name) == ({1: "Production", 2: "Archived"}, {"production": 1})
    assert registry.version(name, 2).tags["nightshift.archived"] == "rejected by ada: the carriers look odd"


def test_what_is_in_production_is_not_archived(registry, name, versions, state):
    versions(registry, name, 1)
    registry.archive(name, 1, "too late")
    assert state(registry, name) == ({1: "Production"}, {"production": 1})


def test_two_productions_and_stray_aliases_are_put_right(registry, name, versions, state):
    versions(registry, name, 4)
    client = registry._client
    registry.settle(name, 2, 1)
    for version in ("3", "4"):
        client.transition_model_version_stage(name, version, "Production", archive_existing_versions=False)
    client.set_registered_model_alias(name, "production", "4")
    client.delete_registered_model_alias(name, "previous")
    assert registry.standing(name).serving == [2, 3, 4]
    registry.settle(name, 2, 1)
    assert registry.standing(name).serving == [2]
    assert registry.aliases(name) == {"production": 2, "previous": 1}


def test_nothing_in_production_can_be_settled_too(registry, name, versions, state):
    versions(registry, name, 1)
    registry.settle(name, None, None)
    assert state(registry, name) == ({1: "Archived"}, {})


def test_a_previous_version_that_was_deleted_is_no_alias(registry, name, versions):
    versions(registry, name, 2)
    registry._client.delete_model_version(name, "1")
    registry.settle(name, 2, 1)
    assert registry.aliases(name) == {"production": 2}


def test_a_version_is_found_by_its_number(registry, name, versions):
    versions(registry, name, 2)
    registry.tag(name, 2, {"nightshift.gates": "at_least"})
    assert registry.version(name, 2).tags["nightshift.gates"] == "at_least"
    assert registry.version(name, 7) is None


KILLED = """
import os, signal, sys
from ml.registry import Registry
from ml.registry.connection import be_quiet
from mlflow import MlflowClient

uri, *names = sys.argv[1:]
be_quiet()

def deadly(call, left):
    def wrapped(*args, **kwargs):
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return call(*args, **kwargs)
    return wrapped

for calls, name in enumerate(names):
    if (child := os.fork()) == 0:
        left = [calls]
        for verb in ("transition_model_version_stage", "set_registered_model_alias", "delete_registered_model_alias"):
            setattr(MlflowClient, verb, deadly(getattr(MlflowClient, verb), left))
        Registry(uri).settle(name, 2, 1)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_killed_between_any_two_calls_it_can_be_settled_again(registry, name, versions, state):
    names = [f"{name}_{n}" for n in range(5)]
    for each in names:
        versions(registry, each, 2)
        registry.stage(each, 2)
    ended = subprocess.run([sys.executable, "-c", KILLED, registry.uri, *names], capture_output=True, text=True)
    assert ended.stdout.split() == ["-9", "-9", "-9", "-9", "0"], ended.stderr
    for each in names:
        assert registry.production(each).version in (1, 2)
        registry.settle(each, 2, 1)
        assert state(registry, each) == ({1: "Archived", 2: "Production"}, {"production": 2, "previous": 1})


def test_what_mlflow_refuses_is_not_mistaken_for_an_outage(registry, name):
    from mlflow.exceptions import MlflowException

    with pytest.raises(MlflowException, match="not found"):
        registry.settle(name, 1, None)
