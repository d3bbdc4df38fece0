"""Into Staging, into Production, and back."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from datetime import date, timedelta
from pathlib import Path

import pytest

from ml import stages
from ml.errors import PromotionConflict, TrainingError
from ml.records import Verdict

pytestmark = pytest.mark.integration

DAY = date(2013, 6, 5)


def verdict(champion):
    return Verdict(pipeline="tiny", day=DAY, run_id="r", passed=True, gates=("at_least",), champion_version=champion)


@pytest.fixture
def run(workspace):
    return workspace.run("tiny", DAY)


def book(workspace):
    return [(p.kind, p.version, p.previous) for p in workspace.ledger.promotions("tiny")]


def shown(workspace):
    standing = workspace.registry.standing("tiny")
    return standing.serving, dict(standing.aliases)


def test_a_promotion_is_a_row_and_what_the_registry_shows(workspace, in_production):
    in_production(2)
    assert book(workspace) == [("promotion", 1, None), ("promotion", 2, 1)]
    assert shown(workspace) == ([2], {"production": 2, "previous": 1})


def test_a_version_judged_against_another_champion_is_not_promoted(workspace, run, in_production, staged):
    in_production(2)
    third, before = staged(3), book(workspace)
    with pytest.raises(PromotionConflict, match="version 3 was judged against version 1, but Production is now versi"):
        stages.promote(run, third, verdict(1))
    with pytest.raises(PromotionConflict, match="judged against empty, but"):
        stages.promote(run, third, verdict(None))
    assert (book(workspace), shown(workspace)[0]) == (before, [2])


def test_a_model_without_a_version_is_not_promoted(run, staged):
    with pytest.raises(TrainingError, match="has no registered version"):
        stages.promote(run, staged(1).model_copy(update={"version": None}), verdict(None))


def test_a_rollback_goes_to_the_version_before_and_done_twice_no_further(workspace, run, in_production):
    in_production(3)
    once = stages.roll_back(run, None, "late flights look early", "ada")
    assert stages.roll_back(run, None, "late flights look early", "ada") == once
    assert (once.kind, once.version, once.previous, once.by, once.why) == (
        ("rollback", 2, 3, "ada", "late flights look early")
    )
    assert book(workspace)[-1] == ("rollback", 2, 3)
    assert len(book(workspace)) == 4
    assert shown(workspace) == ([2], {"production": 2, "previous": 3})
    tags = workspace.registry.version("tiny", 3).tags
    assert tags["nightshift.archived"] == "rolled back by ada: late flights look early"


def test_a_named_version_may_be_further_back(workspace, run, in_production):
    in_production(3)
    assert stages.roll_back(run, 1, "a bad month", "ada").version == 1
    assert shown(workspace) == ([1], {"production": 1, "previous": 3})


def test_what_cannot_serve_is_no_place_to_go(workspace, run, in_production, staged):
    with pytest.raises(PromotionConflict, match="nothing is in Production yet"):
        stages.roll_back(run, None, "why", "ada")
    in_production(1)
    with pytest.raises(PromotionConflict, match="version 1 is the first in Production; there is none to roll back to"):
        stages.roll_back(run, None, "why", "ada")
    with pytest.raises(PromotionConflict, match=r"tiny has no version 9 in MLflow; in Production were 1"):
        stages.roll_back(run, 9, "why", "ada")
    staged(2)
    with pytest.raises(PromotionConflict, match="version 2 was never in Production, so no gate has let it through"):
        stages.roll_back(run, 2, "why", "ada")
    assert stages.roll_back(run, 2, "why", "ada", force=True).version == 2


def test_a_version_whose_model_is_gone_is_no_place_to_go(workspace, run, in_production):
    first, _ = in_production(2)
    client = workspace.registry._client
    client.delete_logged_model(first.model_uri.removeprefix("models:/"))
    with pytest.raises(PromotionConflict, match="the model of version 1 cannot be loaded: there is no model"):
        stages.roll_back(run, None, "why", "ada")
    assert shown(workspace)[0] == [2]


def test_what_was_rolled_back_is_objected_to_until_it_comes_back(workspace, run, in_production):
    _, second = in_production(2)
    assert stages.undone(run, second) is None
    stages.roll_back(run, None, "late flights look early", "ada")
    objection = stages.undone(run, second)
    assert objection.startswith("the same snapshot and recipe made version 2, which ada rolled back on 20")
    assert objection.endswith("because: late flights look early")
    assert stages.undone(run, second.model_copy(update={"recipe": "another"})) is None
    with pytest.raises(PromotionConflict, match="version 2 is not promoted: the same snapshot and recipe"):
        stages.promote(run, second, verdict(1))
    stages.roll_back(run, 2, "it was the feed", "ada")
    assert stages.undone(run, second) is None


def test_a_fresh_promotion_that_does_worse_than_its_floor_goes_back(workspace, run, in_production):
    assert stages.roll_back_fresh(run, "log_loss 0.61 > 0.55", days=7) is None
    in_production(2)
    assert stages.roll_back_fresh(run, "log_loss 0.61 > 0.55", days=2) is None
    back = stages.roll_back_fresh(run, "log_loss 0.61 > 0.55", days=3)
    assert (back.version, back.by, back.why) == (1, "nightshift", "log_loss 0.61 > 0.55")
    assert stages.roll_back_fresh(run, "log_loss 0.61 > 0.55", days=3) == back
    later = workspace.run("tiny", run.day + timedelta(days=1))
    assert stages.roll_back_fresh(later, "log_loss 0.61 > 0.55", days=3) is None


KILLED = """
    import json, os, signal, sys
    from datetime import date
    from pathlib import Path
    import alembic.command, sqlalchemy.orm
    import mlflow.store.model_registry.sqlalchemy_store, mlflow.store.tracking.sqlalchemy_store
    from mlflow import MlflowClient
    from ml import stages
    from ml.ledger import Ledger
    from ml.records import Candidate, Verdict
    from ml.registry.connection import be_quiet
    from ml.workspace import Workspace

    what, *candidates = sys.argv[1:]
    be_quiet()

    def act(run, n):
        if what == "rollback":
            return stages.roll_back(run, 1 + n % 2, "late flights look early", "ada")
        verdict = Verdict(pipeline="tiny", day=run.day, run_id="r", passed=True, champion_version=n + 2)
        run.workspace.registry.stage("tiny", n + 3)
        return stages.promote(run, Candidate.model_validate_json(candidates[n]), verdict)

    def deadly(kind, verb, left):
        call = getattr(kind, verb)
        def wrapped(*args, **kwargs):
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            return call(*args, **kwargs)
        setattr(kind, verb, wrapped)

    def child(n, calls):
        if (pid := os.fork()) == 0:
            left = [calls]
            for verb in ("transition_model_version_stage", "set_registered_model_alias"):
                deadly(MlflowClient, verb, left)
            deadly(MlflowClient, "delete_registered_model_alias", left)
            deadly(Ledger, "record_promotion", left)
            deadly(Ledger, "record_settlement", left)
            place = Workspace.apart(Path({apart!r}), Path({config!r}))
            act(place.run("tiny", date(2013, 6, 5)), n)
            standing, book = place.registry.standing("tiny"), place.ledger.promotions("tiny")
            row = [book[-1].kind, book[-1].version, book[-1].previous, len(book), place.ledger.settled("tiny")]
            print(json.dumps([standing.serving, dict(standing.aliases), row]), flush=True)
            os._exit(0)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    for n in range(7):
        print(child(n, n + (what == "promote") * 2), flush=True)
        assert child(n, 99) == 0
"""


def lived_through(what, candidates, tiny, tmp_path):
    """What a process that dies at its n-th call ended with, and what the rerun left, for each n."""
    code = textwrap.dedent(KILLED).format(apart=str(tmp_path / "apart"), config=str(tiny))
    command = [sys.executable, "-c", code, what, *[candidate.model_dump_json() for candidate in candidates]]
    env = os.environ | {"PYTHONPATH": str(Path.cwd())}
    ran = subprocess.run(command, env=env, capture_output=True, text=True, timeout=280)
    assert ran.returncode == 0, ran.stderr
    lines = [json.loads(line) for line in ran.stdout.splitlines()]
    ends, states = [x for x in lines if isinstance(x, int)], [x for x in lines if not isinstance(x, int)]
    return ends, states


def test_a_promotion_killed_anywhere_is_finished_by_its_rerun(tiny, tmp_path, in_production, staged):
    in_production(2)
    ends, states = lived_through("promote", [staged(n + 3) for n in range(7)], tiny, tmp_path)
    assert ends[:6] == [-signal.SIGKILL] * 6
    assert ends[-1] == 0
    for state in states:
        version = state[0][0]
        assert state == [
            [version],
            {"production": version, "previous": version - 1},
            ["promotion", version, version - 1, version, True],
        ]


def test_a_rollback_killed_anywhere_is_finished_by_its_rerun(tiny, tmp_path, in_production):
    in_production(2)
    ends, states = lived_through("rollback", [], tiny, tmp_path)
    assert ends[:5] == [-signal.SIGKILL] * 5
    assert ends[-1] == 0
    for state in states:
        version, other = state[0][0], 3 - state[0][0]
        assert state[1] == {"production": version, "previous": other}
        assert state[2][:3] == ["rollback", version, other]
        assert state[2][4] is True
    assert states[-1][2][3] == 9
