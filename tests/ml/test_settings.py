"""Addresses come from the environment alone."""

from pathlib import Path

import pytest

from ml.errors import ConfigError
from ml.settings import Settings

ENV = {
    "NIGHTSHIFT_CONFIG": "/c",
    "NIGHTSHIFT_LAKE": "/l",
    "NIGHTSHIFT_LEDGER_URL": "postgresql+psycopg2://u:hush@h/nightshift",
    "NIGHTSHIFT_MLFLOW_URL": "http://m",
    "NIGHTSHIFT_SMTP_URL": "smtp://s",
    "NIGHTSHIFT_CONNECTION_WAREHOUSE": "postgresql+psycopg2://u:hush@h/warehouse",
}


def test_the_environment_names_every_address():
    settings = Settings.from_env(ENV)
    assert settings.lake == Path("/l")
    assert settings.connections == {"warehouse": ENV["NIGHTSHIFT_CONNECTION_WAREHOUSE"]}


@pytest.mark.parametrize("name", [n for n in ENV if "CONNECTION" not in n])
def test_a_missing_variable_is_named(name):
    with pytest.raises(ConfigError, match=name):
        Settings.from_env({k: v for k, v in ENV.items() if k != name})


def test_no_secret_shows_when_settings_are_printed():
    assert "hush" not in repr(Settings.from_env(ENV))


def test_settings_apart_lie_in_one_folder(tmp_path):
    settings = Settings.apart(tmp_path, Path("/c"), {})
    assert str(tmp_path) in settings.ledger_url
    assert str(tmp_path) in settings.mail


def test_copies_of_models_lie_beside_the_lake_or_where_they_are_told_to():
    assert Settings.from_env(ENV).shelf == Path("/shelf")
    assert Settings.from_env(ENV | {"NIGHTSHIFT_SHELF": "/s"}).shelf == Path("/s")
