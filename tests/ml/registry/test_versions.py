import subprocess
import sys

import pytest

from ml.errors import PromotionConflict
from ml.registry import Registry

pytestmark = pytest.mark.integration


def test_the_next_version_archives_the_one_before(registry, name, versions, state):
    versions(registry, name, 3)
    assert registry.promote(name, 2, 1) == 1
    assert registry.promote(name, 3, 2) == 2
    assert registry.promote(name, 3, 2) == 2
    stages, aliases = state(registry, name)
    assert stages == {1: "Archived", 2: "Archived", 3: "Production"}
    assert aliases == {"production": 3, "previous": 2, "staging": 3}


def test_a_version_judged_against_another_champion_is_not_promoted(registry, name, versions, state):
    versions(registry, name, 3)
    registry.promote(name, 2, 1)
    before = state(registry, name)
    with pytest.raises(
        PromotionConflict, match="version 3 was judged against version 1, but Production is now version 2"
    ):
        registry.promote(name, 3, 1)
    with pytest.raises(PromotionConflict, match="judged against empty, but"):
        registry.promote(name, 3, None)
    assert state(registry, name) == before


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
        Registry(uri).promote(name, 2, 1)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_killed_between_any_two_calls_a_promotion_can_be_repeated(registry, name, versions, state):
    names = [f"{name}_{n}" for n in range(6)]
    for each in names:
        versions(registry, each, 2)
    ended = subprocess.run([sys.executable, "-c", KILLED, registry.uri, *names], capture_output=True, text=True)
    assert ended.stdout.split() == ["-9", "-9", "-9", "-9", "-9", "0"], ended.stderr
    for each in names:
        assert registry.production(each).version in (1, 2)
        assert registry.promote(each, 2, 1) == 1
        aliases = {"production": 2, "previous": 1, "staging": 2}
        assert state(registry, each) == ({1: "Archived", 2: "Production"}, aliases)


RACER = """
import sys
from ml.errors import PromotionConflict
from ml.ledger import Ledger
from ml.registry import Registry

mlflow, ledger, version = sys.argv[1:]
registry, ledger = Registry(mlflow), Ledger.open(ledger)
registry.production("nothing")
print("ready", flush=True)
for name in map(str.strip, sys.stdin):
    try:
        with ledger.lock(f"promote/{name}"):
            registry.promote(name, int(version), 1)
        print("promoted", flush=True)
    except PromotionConflict:
        print("conflict", flush=True)
"""


def racer(*arguments):
    return subprocess.Popen(
        [sys.executable, "-c", RACER, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_of_two_processes_that_promote_at_once_one_wins(mlflow_server, postgres, name, versions, state):
    registry = Registry(mlflow_server)
    names = [f"{name}_{n}" for n in range(10)]
    for each in names:
        versions(registry, each, 3)
    with racer(mlflow_server, postgres, "2") as two, racer(mlflow_server, postgres, "3") as three:
        assert [r.stdout.readline().strip() for r in (two, three)] == ["ready", "ready"]
        for each in names:
            for process in (two, three):
                print(each, file=process.stdin, flush=True)
            results = [process.stdout.readline().strip() for process in (two, three)]
            winner = 2 if results[0] == "promoted" else 3
            assert sorted(results) == ["conflict", "promoted"]
            stages, aliases = state(registry, each)
            assert stages == {1: "Archived", 5 - winner: "None", winner: "Production"}
            assert aliases == {"production": winner, "previous": 1, "staging": winner}
        two.stdin.close()
        three.stdin.close()


def test_what_mlflow_refuses_is_not_mistaken_for_an_outage(registry, name):
    from mlflow.exceptions import MlflowException

    with pytest.raises(MlflowException, match="not found"):
        registry.promote(name, 1, None)
