from pathlib import Path

import pytest

from stack.errors import SettingsError
from stack.home import PORTS, Home


def test_without_settings_it_lies_in_the_repository():
    home = Home.from_env({})
    assert home.root == home.repository / ".nightshift"
    assert (home.port("airflow"), home.port("prediction")) == (8600, 8605)


def test_the_base_moves_every_port():
    home = Home.from_env({"NIGHTSHIFT_PORT_BASE": "18600"})
    assert [home.port(name) for name in PORTS] == list(range(18600, 18606))
    assert home.address("mlflow") == "http://127.0.0.1:18601"


@pytest.mark.parametrize("text", ["80", "65531", "-1", "8600.5", "many"])
def test_a_base_that_is_no_port_is_refused_with_its_value(text):
    with pytest.raises(SettingsError, match=f"NIGHTSHIFT_PORT_BASE={text}"):
        Home.from_env({"NIGHTSHIFT_PORT_BASE": text})


def test_only_postgres_can_replace_the_database_and_the_password_stays_unsaid():
    with pytest.raises(SettingsError, match="postgresql://") as refused:
        Home.from_env({"NIGHTSHIFT_DATABASE_URL": "mysql://me:secret@host/"})
    assert "secret" not in str(refused.value)


def test_a_relative_home_is_made_absolute():
    assert Home.from_env({"NIGHTSHIFT_HOME": "here"}).root == Path.cwd() / "here"


def test_its_folders_are_its_owners_alone(tmp_path):
    home = Home(tmp_path / "home")
    home.make()
    home.make()
    assert all(path.stat().st_mode & 0o077 == 0 for path in home.root.rglob("*"))


def test_the_owners_pipelines_may_lie_elsewhere(tmp_path):
    (tmp_path / "pipelines").mkdir()
    assert Home.from_env({"NIGHTSHIFT_CONFIG": str(tmp_path)}).config == tmp_path


def test_a_folder_without_pipelines_is_refused_by_name(tmp_path):
    with pytest.raises(SettingsError, match="holds no folder pipelines"):
        Home.from_env({"NIGHTSHIFT_CONFIG": str(tmp_path)})
