"""Where a stack lives: one folder for all its state, one row of ports."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stack.errors import SettingsError

REPOSITORY = Path(__file__).resolve().parent.parent
PORT_BASE = 8600
PORTS = ("airflow", "mlflow", "mail_page", "smtp", "postgres", "prediction")


@dataclass(frozen=True)
class Home:
    """One stack's folder and ports; two homes with other bases live side by side."""

    root: Path
    port_base: int = PORT_BASE
    database_url: str | None = None
    repository: Path = REPOSITORY
    config: Path = REPOSITORY / "config"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Home":
        """The home that NIGHTSHIFT_HOME, _PORT_BASE, _DATABASE_URL and _CONFIG describe.

        Raises SettingsError when one of them cannot be used.
        """
        return cls(
            root=_folder(env.get("NIGHTSHIFT_HOME") or REPOSITORY / ".nightshift"),
            port_base=_port_base(env.get("NIGHTSHIFT_PORT_BASE")),
            database_url=_database_url(env.get("NIGHTSHIFT_DATABASE_URL")),
            config=_config(_folder(env.get("NIGHTSHIFT_CONFIG") or REPOSITORY / "config")),
        )

    def port(self, name: str) -> int:
        """The port of one of PORTS: the base for Airflow, then one after the other."""
        return self.port_base + PORTS.index(name)

    def address(self, name: str) -> str:
        """The address of one of the web pages."""
        return f"http://127.0.0.1:{self.port(name)}"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def pgdata(self) -> Path:
        return self.root / "pgdata"

    @property
    def artifacts(self) -> Path:
        return self.root / "mlflow"

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def serving(self) -> Path:
        """What the prediction service keeps: its spool, its copies of models, the digests of callers."""
        return self.root / "serving"

    @property
    def owner_token(self) -> Path:
        """The token with which the owner asks the prediction service."""
        return self.serving / "owner.token"

    @property
    def mail(self) -> Path:
        return self.root / "mail"

    @property
    def airflow(self) -> Path:
        return self.root / "airflow"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets.env"

    @property
    def passwords(self) -> Path:
        return self.airflow / "passwords.json"

    @property
    def env_file(self) -> Path:
        return self.run / "stack.env"

    @property
    def first_night(self) -> Path:
        """There once the first night is over."""
        return self.root / "first-night"

    def make(self) -> None:
        """Make the folders, readable by their owner alone."""
        state = (self.run, self.logs, self.artifacts, self.lake, self.serving, self.mail, self.airflow)
        for folder in (self.root, *state):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _folder(name: str | Path) -> Path:
    return Path(name).expanduser().absolute()


def _config(folder: Path) -> Path:
    if not (folder / "pipelines").is_dir():
        raise SettingsError(f"NIGHTSHIFT_CONFIG={folder} holds no folder pipelines/ with the owner's YAML")
    return folder


def _port_base(text: str | None) -> int:
    if not text:
        return PORT_BASE
    highest = 65535 - len(PORTS) + 1
    if not text.isdecimal() or not 1024 <= int(text) <= highest:
        raise SettingsError(f"NIGHTSHIFT_PORT_BASE={text} is no port: give a whole number from 1024 to {highest}")
    return int(text)


def _database_url(text: str | None) -> str | None:
    if text and not text.startswith(("postgresql://", "postgresql+psycopg2://")):
        raise SettingsError(
            "NIGHTSHIFT_DATABASE_URL must start with postgresql:// (the stack runs on PostgreSQL alone)"
        )
    return text or None
