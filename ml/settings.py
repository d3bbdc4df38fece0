"""Where the neighbours live: addresses and secrets, from the environment alone."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from ml.errors import ConfigError

_CONNECTION = "NIGHTSHIFT_CONNECTION_"


@dataclass(frozen=True)
class Settings:
    """The addresses of one installation. ``connections`` maps a source's connection name to its URL."""

    config: Path
    lake: Path
    ledger_url: str = field(repr=False)
    mlflow_url: str = field(repr=False)
    mail: str = field(repr=False)
    mail_from: str = "nightshift@localhost"
    airflow_url: str | None = None
    masking_key: str | None = field(default=None, repr=False)
    connections: Mapping[str, str] = field(default_factory=dict, repr=False)
    copies: Path | None = None

    @property
    def shelf(self) -> Path:
        """The folder in which a prediction service keeps copies of models; beside the lake unless it is named."""
        return self.copies or self.lake.absolute().parent / "shelf"

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """The settings that ``env`` (the process environment by default) names.

        Raises
        ------
        ConfigError
            A needed variable is unset; the sentence names it.
        """
        env = os.environ if env is None else env
        return cls(
            config=Path(_needed(env, "NIGHTSHIFT_CONFIG")),
            lake=Path(_needed(env, "NIGHTSHIFT_LAKE")),
            ledger_url=_needed(env, "NIGHTSHIFT_LEDGER_URL"),
            mlflow_url=_needed(env, "NIGHTSHIFT_MLFLOW_URL"),
            mail=_needed(env, "NIGHTSHIFT_SMTP_URL"),
            mail_from=env.get("NIGHTSHIFT_MAIL_FROM", "nightshift@localhost"),
            airflow_url=env.get("NIGHTSHIFT_AIRFLOW_URL"),
            masking_key=env.get("NIGHTSHIFT_MASKING_KEY"),
            connections=_connections(env),
            copies=Path(env["NIGHTSHIFT_SHELF"]) if env.get("NIGHTSHIFT_SHELF") else None,
        )

    @classmethod
    def apart(cls, directory: Path, config: Path, env: Mapping[str, str] | None = None) -> "Settings":
        """Settings that touch nothing outside ``directory`` but the sources: SQLite, files, mails in a folder."""
        directory = directory.resolve()
        env = os.environ if env is None else env
        quoted = quote(str(directory))  # SQLAlchemy reads a path as part of a URL
        return cls(
            config=config,
            lake=directory / "lake",
            ledger_url=f"sqlite:///{quoted}/ledger.db",
            mlflow_url=f"sqlite:///{quoted}/mlflow.db",
            mail=f"file://{quoted}/mails",
            masking_key=env.get("NIGHTSHIFT_MASKING_KEY"),
            connections=_connections(env),
        )


def _connections(env: Mapping[str, str]) -> dict[str, str]:
    return {k.removeprefix(_CONNECTION).lower(): v for k, v in env.items() if k.startswith(_CONNECTION)}


def _needed(env: Mapping[str, str], name: str) -> str:
    if not env.get(name):
        raise ConfigError(
            f"{name} is not set. `make up` writes it to .nightshift/run/stack.env, which the CLI reads; "
            "with a stack of your own, export it"
        )
    return env[name]
