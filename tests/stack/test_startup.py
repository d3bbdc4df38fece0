import socket

import pytest

from stack import keys, parts, processes, startup
from stack.errors import NotHealthy, SettingsError, StackError
from stack.home import Home
from stack.part import Part
from stack.postgres import free_port


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home", 20000 + free_port() % 20000)


def test_a_taken_port_is_named_with_the_part_that_wants_it(home):
    refusal = rf"{home.port('mlflow')} \(mlflow\).*NIGHTSHIFT_PORT_BASE"
    with socket.create_server(("127.0.0.1", home.port("mlflow"))), pytest.raises(StackError, match=refusal):
        startup.start(home)
    assert processes.marked(home.run) == set()
    assert not home.pgdata.exists()


def test_a_disk_without_room_is_named(home, monkeypatch):
    monkeypatch.setattr(startup, "ROOM", 10**18)
    with pytest.raises(StackError, match="make room, or set NIGHTSHIFT_HOME"):
        startup.start(home)
    assert not home.root.exists()


def test_a_folder_with_other_things_in_it_is_refused(home):
    home.root.mkdir()
    (home.root / "thesis.txt").touch()
    with pytest.raises(SettingsError, match="holds other things"):
        startup.start(home)


def test_a_wrong_pgbin_is_refused_before_anything_is_made(home, monkeypatch, tmp_path):
    monkeypatch.setenv("NIGHTSHIFT_PGBIN", str(tmp_path))
    with pytest.raises(SettingsError, match="NIGHTSHIFT_PGBIN"):
        startup.start(home)
    assert not home.root.exists()


def test_the_supervisor_inherits_only_what_it_needs(home, monkeypatch):
    monkeypatch.setenv("AIRFLOW__CORE__STRAY", "1")
    monkeypatch.setenv("LD_PRELOAD_STRAY", "1")
    env = startup._supervisor_environment(home)
    assert env["NIGHTSHIFT_HOME"] == str(home.root)
    assert not [name for name in env if "STRAY" in name]


def test_a_supervisor_that_ended_is_told_with_its_last_words(home):
    home.make()
    (home.logs / "supervisor.log").write_text("it hurt\n")
    with pytest.raises(NotHealthy, match="it hurt"):
        startup.wait(home, print)


def test_preparing_twice_keeps_the_secrets(home, monkeypatch):
    monkeypatch.setattr(startup.postgres, "initdb", lambda data, password: None)
    home.make()
    first = startup._prepare(home)
    assert startup._prepare(home) == first == keys.load(home.secrets)
    assert home.env_file.stat().st_mode & 0o777 == 0o600


def test_the_log_of_a_part_that_is_not_there_names_those_that_are(home):
    with pytest.raises(StackError, match="scheduler"):
        startup.log_of(home, "shceduler")


def test_every_part_of_the_roster_is_a_part():
    assert all(isinstance(part, Part) for part in parts.roster(Home.from_env({}), keys.Keys.fresh()))
