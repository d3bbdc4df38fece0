"""Whether a fresh version does worse than the one that it replaced."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ml import steps
from ml.config.pipeline import Floor
from ml.records import Matured
from ml.worth import fresh
from tests.ml.worth.test_entries import weighed

SECOND = date(2013, 6, 2)


@pytest.fixture
def run(workspace, in_production):
    """Five days after version 2 replaced version 1; nothing weighed yet."""
    in_production(2)
    return workspace.run("tiny", SECOND + timedelta(days=5))


def served(run, *worse):
    """Days of version 2, each so much worse than version 1 a row."""
    for n, by in enumerate(worse):
        weighed(run.workspace.ledger, n + 2, 2, 1, losses={"log_loss": (0.5 + by, 0.5)}, rows=100)


def test_three_days_that_agree_say_it_with_the_numbers(run):
    served(run, 0.10, 0.11, 0.12)
    told = fresh.worse(run, 0.05)
    assert told.startswith(
        "version 2 has a log_loss that is 0.1100 a row above that of version 1, which it replaced, on the same 300 "
        "rows of 2013-06-03 to 2013-06-05: worse by at least 0.08"
    )
    assert fresh.worse(run, 0.1) is None


def test_too_few_days_days_that_differ_and_a_better_version_say_nothing(run):
    served(run, 0.1, 0.1)
    assert fresh.worse(run, 0.01) is None
    served(run, 0.1, 0.1, -0.9)
    assert fresh.worse(run, 0.01) is None


def test_before_a_second_version_there_is_nothing_to_say(workspace, in_production):
    run = workspace.run("tiny", SECOND)
    assert fresh.worse(run, 0.01) is None
    in_production(1)
    assert fresh.worse(run, 0.01) is None


def test_the_floor_rolls_it_back_once_and_only_where_the_yaml_compares_so(run):
    served(run, 0.10, 0.11, 0.12)
    matured = Matured(pipeline="tiny", day=run.day, label_delay=1, due=1)

    def fall_back(**floor):
        made = run.pipeline.stages.model_copy(update={"floor": Floor(**floor)})
        return steps.fall_back(replace(run, pipeline=run.pipeline.model_copy(update={"stages": made})), matured)

    assert fall_back(by=0.05) is None
    moved = fall_back(by=0.05, than="replaced")
    assert (moved.version, moved.kind, moved.by) == (1, "rollback", "nightshift")
    assert moved.why == fresh.worse(run, 0.05)
    assert fall_back(by=0.05, than="replaced") == moved
    assert len(run.workspace.ledger.promotions("tiny")) == 3
