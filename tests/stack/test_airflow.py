import pytest

from stack.airflow import Airflow
from stack.errors import StackError
from tests.fake_airflow import FakeAirflow, served


def test_a_wrong_password_is_one_sentence():
    with served(FakeAirflow()) as url, pytest.raises(StackError, match="refused the login"):
        Airflow(url, "admin", "wrong")


def test_a_server_that_is_down_is_one_sentence():
    with pytest.raises(StackError, match=r"127\.0\.0\.1:9.* did not answer.*make status"):
        Airflow("http://127.0.0.1:9", "admin", "right", patience=0)


def test_a_server_that_restarts_is_waited_for():
    with served(FakeAirflow(broken=2)) as url, Airflow(url, "admin", "right", patience=10) as airflow:
        assert airflow.dags("nightshift") == ["one_nightly", "one_retrain"]


def test_an_answer_that_is_an_error_is_shown():
    fake = FakeAirflow()
    with served(fake) as url, Airflow(url, "admin", "right", patience=0) as airflow:
        fake.broken = 1
        with pytest.raises(StackError, match="Airflow answered 503 to GET /api/v2/dags"):
            airflow.dags("nightshift")


def test_run_ids_with_colons_and_plus_signs_arrive_whole():
    fake = FakeAirflow()
    run = fake.start("one_nightly")["dag_run_id"]
    with served(fake) as url, Airflow(url, "admin", "right") as airflow:
        assert airflow.run("one_nightly", run)["dag_run_id"] == run == "scheduled__2026-11-22+00:00"


def test_proxies_of_the_environment_are_not_asked(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with served(FakeAirflow()) as url, Airflow(url, "admin", "right", patience=0) as airflow:
        assert airflow.import_errors() == []
