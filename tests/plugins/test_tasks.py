from typing import Any

import pytest

from ml.config import PipelineConfig
from ml.errors import ConfigError, ContractViolation, DataError, NoData, PromotionConflict, ServiceUnavailable
from plugins.tasks import OPTIONS, RETRY_POLICY, AsTasks
from tests.verbs import NIGHTLY

pytestmark = pytest.mark.integration


def verdict(error: BaseException, tried: int = 1) -> str:
    return RETRY_POLICY.evaluate(error, try_number=tried, max_tries=5).action.value


def test_a_neighbour_that_does_not_answer_is_tried_again():
    answers = [verdict(ServiceUnavailable("the ledger did not answer"), tried) for tried in (1, 2, 5)]
    assert answers == ["retry"] * 3


@pytest.mark.parametrize("kind", [ConfigError, DataError, NoData, ContractViolation, PromotionConflict])
def test_any_other_foreseen_error_fails_at_once(kind):
    assert verdict(kind("wrong")) == "fail"


@pytest.mark.parametrize("bug", [ZeroDivisionError(), KeyError("day"), MemoryError()])
def test_a_bug_gets_one_more_try_and_no_third(bug):
    assert [verdict(bug, tried) for tried in (1, 2, 3)] == ["default", "fail", "fail"]


def test_two_rules_say_it_all():
    assert len(RETRY_POLICY.rules) == 2


def test_a_skipped_step_does_not_stop_its_followers():
    assert OPTIONS["trigger_rule"] == "none_failed"


@pytest.fixture
def drawn(pipeline: PipelineConfig) -> Any:
    from airflow.sdk import DAG

    from ml import lines
    from plugins import runs

    with DAG("drawn", schedule=None) as dag:
        lines.nightly(AsTasks(pipeline, runs.night))
    return dag


def test_a_task_is_named_after_its_step_and_carries_its_docstring(drawn):
    from ml import steps

    assert drawn.task_ids == NIGHTLY
    assert drawn.get_task("pull").doc_md.split() == steps.pull.__doc__.split()


def test_a_task_follows_the_steps_it_hears_from(drawn):
    assert drawn.get_task("decide").upstream_task_ids == {"validate", "mature", "detect", "diagnose"}
    assert drawn.get_task("pull").upstream_task_ids == set()


def test_every_task_is_bounded_and_retried(drawn):
    for task in drawn.tasks:
        assert task.execution_timeout
        assert task.retries == 5
        assert task.retry_policy is RETRY_POLICY
