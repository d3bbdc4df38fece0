import json
from pathlib import Path

import pytest

from stack import environment
from stack.home import Home
from stack.keys import Keys


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path, 18600)


KEYS = Keys.fresh()


def test_of_the_callers_environment_only_four_words_pass(home):
    caller = {"PATH": "/bin", "TZ": "UTC", "AWS_SECRET": "x", "PYTHONPATH": "/evil", "AIRFLOW__CORE__X": "1"}
    env = environment.services(home, KEYS, caller)
    assert (env["PATH"], env["TZ"], env["PYTHONPATH"]) == ("/bin", "UTC", str(home.repository))
    assert not {"AWS_SECRET", "AIRFLOW__CORE__X"} & set(env)


def test_every_value_is_text_of_one_line(home):
    env = environment.services(home, KEYS, {})
    assert all(isinstance(value, str) and "\n" not in value for value in env.values())


def test_everything_that_listens_does_so_on_loopback(home):
    env = environment.services(home, KEYS, {})
    assert env["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert json.loads(env["AIRFLOW_CONN_SMTP_DEFAULT"])["host"] == "127.0.0.1"
    assert "0.0.0.0" not in "".join(env.values())


def test_a_dag_that_leaves_it_open_starts_paused_until_a_first_night_was_there(home):
    name = "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION"
    assert environment.services(home, KEYS, {})[name] == "True"
    home.first_night.touch()
    assert environment.services(home, KEYS, {})[name] == "False"


def test_what_the_cli_reads_holds_addresses_and_no_key(home):
    shared = environment.shared(home, KEYS)
    assert shared["NIGHTSHIFT_LEDGER_URL"].startswith("postgresql+psycopg2://")
    assert shared["NIGHTSHIFT_LEDGER_URL"].endswith(":18604/nightshift")
    assert not {KEYS.jwt_secret, KEYS.fernet_key, KEYS.admin_password} & set(shared.values())
    assert environment.MARK not in shared


def test_a_server_of_the_owners_takes_the_place_of_ours():
    home = Home(Path("/h"), database_url="postgresql://me:pw@db.example:5432/postgres")
    assert environment.database(home, KEYS, "mlflow") == "postgresql+psycopg2://me:pw@db.example:5432/mlflow"
