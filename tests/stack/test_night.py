import pytest

from stack import night
from stack.airflow import Airflow
from stack.errors import StackError
from tests.fake_airflow import FakeAirflow, served

NIGHT = {"dag_run_id": "r", "dag_id": "one_nightly", "partition_key": "2026-11-22", "state": "success", "tasks": []}
QUICK = {"parsing": 0.05, "starting": 0.05, "pause": 0.01}


def first(fake, **spans):
    """The first night on the fake, with short spans, and the lines that it said."""
    said = []
    with served(fake) as url, Airflow(url, "admin", "right") as airflow:
        return night._Watch(airflow, said.append, **(QUICK | spans)).nights(), said


def test_it_runs_the_night_and_the_retrain_that_it_asks_for():
    ran, said = first(FakeAirflow())
    assert [(task.dag, task.name, task.state) for task in ran.tasks] == [
        ("one_nightly", "pull", "success"),
        ("one_nightly", "decide", "success"),
        ("one_retrain", "train", "success"),
        ("one_retrain", "promote", "success"),
    ]
    assert (ran.seconds, ran.retrained, ran.already) == (5.0, True, False)
    assert said[0] == "one_nightly: pull 1.2 s"


def test_the_listener_is_unpaused_before_the_night_that_it_listens_to():
    fake = FakeAirflow()
    first(fake)
    patched = [path for method, path in fake.calls if method == "PATCH"]
    assert [path.rpartition("/")[2] for path in patched] == ["one_retrain", "one_nightly"]


def test_the_coming_day_is_scored_once_a_version_may_serve():
    fake = FakeAirflow(dags=["one_nightly", "one_retrain", "one_score"])
    first(fake)
    patched = [path.rpartition("/")[2] for method, path in fake.calls if method == "PATCH"]
    assert patched == ["one_retrain", "one_nightly", "one_score"]


def living(**changes):
    """What was unpaused by the start of a stack whose first night is over, with a scoring that began paused."""
    fake = FakeAirflow(dags=["one_nightly", "one_retrain", "one_score"])
    first(fake)
    fake.paused.add("one_score")
    for name, value in changes.items():
        setattr(fake, name, value)
    fake.calls.clear()
    assert first(fake)[0].already
    return [path.rpartition("/")[2] for method, path in fake.calls if method == "PATCH"]


def test_a_scoring_that_an_older_release_brought_paused_is_switched_on():
    assert living() == ["one_score"]


def test_what_a_person_ever_paused_or_switched_on_is_left_as_it_is():
    assert living(acts=[{"dag_id": "one_score", "event": "patch_dag"}]) == []
    assert living(acts=[{"dag_id": None, "event": "patch_dags"}]) == []
    assert living(acts=[{"dag_id": "one_nightly", "event": "patch_dag"}]) == ["one_score"]
    assert living(paused=set()) == []
    assert living(runs={"one_nightly": [NIGHT], "one_retrain": [], "one_score": [NIGHT]}) == []


def test_a_quiet_night_ends_without_a_retrain():
    ran, _ = first(FakeAirflow(asks=False))
    assert [task.dag for task in ran.tasks] == ["one_nightly", "one_nightly"]
    assert not ran.retrained


def test_a_retrain_that_waits_for_a_person_is_not_waited_for():
    ran, said = first(FakeAirflow(waits={"promote"}))
    assert [task.name for task in ran.tasks] == ["pull", "decide", "train"]
    assert said[-1].startswith("one_retrain waits for a person")


def test_a_night_that_does_not_start_by_itself_is_started():
    fake = FakeAirflow(starts=False)
    ran, _ = first(fake)
    assert ("POST", "/api/v2/dags/one_nightly/dagRuns") in fake.calls
    assert ran.retrained


def test_after_a_finished_night_nothing_is_touched():
    fake = FakeAirflow()
    done, _ = first(fake)
    fake.calls.clear()
    fake.paused = {"one_nightly", "one_retrain"}
    ran, said = first(fake)
    assert ran.already
    assert said == []
    assert sorted(task.name for task in ran.tasks) == sorted(task.name for task in done.tasks)
    assert {method for method, path in fake.calls if path != "/auth/token"} == {"GET"}


def test_a_night_that_is_still_running_is_followed_to_its_end():
    fake = FakeAirflow(paused=set())
    fake.start("one_nightly")
    ran, _ = first(fake)
    assert ran.retrained
    assert len(fake.runs["one_nightly"]) == 1


def test_a_failed_task_is_told_with_the_end_of_its_log():
    with pytest.raises(
        StackError, match=r"decide of one_nightly failed(.|\n)*Pulling\n(.|\n)*DataError: rows 12 < 400"
    ):
        first(FakeAirflow(fails={"decide"}))


def test_a_try_that_failed_is_told_once_with_its_reason():
    _, said = first(FakeAirflow(stumbles={"pull"}))
    assert said[0] == "one_nightly: pull failed and will be tried again: DataError: rows 12 < 400"
    assert len([line for line in said if "tried again" in line]) == 1


@pytest.mark.parametrize("task", ["decide", "promote"])
def test_what_failed_is_tried_again_the_next_time(task):
    fake = FakeAirflow(fails={task})
    with pytest.raises(StackError, match=task):
        first(fake)
    ran, said = first(fake)
    assert "failed before: trying again" in said[0]
    assert ran.retrained
    assert len(fake.runs["one_nightly"]) == len(fake.runs["one_retrain"]) == 1


def test_a_failed_retrain_of_an_old_installation_is_left_to_its_mail():
    fake = FakeAirflow()
    first(fake)
    fake.fails = {"train"}
    for dag in ("one_nightly", "one_retrain"):
        run = fake.start(dag, "2026-11-23")
        fake.advance(run)
        fake.advance(run)
    fake.runs["one_retrain"] = [run for run in fake.runs["one_retrain"] if run["state"] != "running"]
    ran, _ = first(fake)
    assert ran.already


def test_a_request_that_no_run_follows_is_said():
    fake = FakeAirflow()
    fake.advance = lambda run: run.update(state="success")
    with pytest.raises(StackError, match="asked for a retrain, but Airflow started no run of one_retrain"):
        first(fake)


def test_without_any_dag_the_part_to_look_at_is_named():
    with pytest.raises(StackError, match=r"no DAG tagged nightshift.*make logs PART=dag-processor"):
        first(FakeAirflow(dags=[]))


def test_a_dag_file_that_cannot_be_read_is_named_with_its_reason():
    error = {"filename": "dags/nightshift.py", "stack_trace": "Traceback\n  …\nConfigError: no such key\n"}
    with pytest.raises(StackError, match=r"cannot read dags/nightshift\.py: ConfigError: no such key"):
        first(FakeAirflow(dags=[], errors=[error]))


def test_a_run_that_never_ends_is_not_waited_for_for_ever():
    fake = FakeAirflow()
    fake.advance = lambda run: None
    with pytest.raises(StackError, match=r"one_nightly .* is still running after 0\.05 s"):
        first(fake, running=0.05)


def test_the_public_function_logs_in_and_runs_it():
    said = []
    with served(FakeAirflow()) as url:
        assert night.first(url, "admin", "right", said.append).retrained
    assert len(said) == 4
