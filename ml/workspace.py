"""Where a run lives: its lake, ledger, registry and mailbox."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ml.config import PipelineConfig, find_pipeline
from ml.lake import Lake
from ml.notifiers.mailbox import Mailbox, open_mailbox
from ml.settings import Settings

if TYPE_CHECKING:
    from ml.ledger import Ledger
    from ml.registry import Registry


@dataclass(frozen=True)
class Workspace:
    """The places that a run reads and writes, as objects, so that a test may pass its own."""

    lake: Lake
    ledger: "Ledger"
    registry: "Registry"
    mailbox: Mailbox
    pipelines: Path
    connections: Mapping[str, str] = field(default_factory=dict, repr=False)
    airflow_url: str | None = None
    masking_key: str | None = field(default=None, repr=False)

    @classmethod
    def from_env(cls) -> "Workspace":
        """The workspace that the environment names."""
        return cls.of(Settings.from_env())

    @classmethod
    def apart(cls, directory: Path, config: Path) -> "Workspace":
        """A throw-away workspace wholly inside ``directory``, made ready: SQLite, files, mails in a folder."""
        from ml.ledger import migrate

        directory.mkdir(parents=True, exist_ok=True)
        settings = Settings.apart(directory, config)
        migrate(settings.ledger_url)
        return cls.of(settings)

    @classmethod
    def of(cls, settings: Settings) -> "Workspace":
        from ml.ledger import Ledger
        from ml.registry import Registry

        return cls(
            lake=Lake(settings.lake),
            ledger=Ledger.open(settings.ledger_url),
            registry=Registry(settings.mlflow_url),
            mailbox=open_mailbox(settings.mail, settings.mail_from),
            pipelines=settings.config / "pipelines",
            connections=settings.connections,
            airflow_url=settings.airflow_url,
            masking_key=settings.masking_key,
        )

    def run(self, pipeline: str, day: date, *, external: Mapping[str, str] | None = None) -> "Run":
        """The run of a pipeline's data day."""
        return Run(find_pipeline(self.pipelines, pipeline), day, self, dict(external or {}))


@dataclass(frozen=True)
class Run:
    """A pipeline, a data day, and the workspace; ``external`` says who walks it (Airflow's ids and page).

    ``told`` hears how far a long step is, in a word or two; it is for somebody who watches, not for a log.
    """

    pipeline: PipelineConfig
    day: date
    workspace: Workspace
    external: Mapping[str, str] = field(default_factory=dict)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    told: Callable[[str], None] = field(default=lambda words: None, compare=False, repr=False)

    @property
    def name(self) -> str:
        return self.pipeline.name

    def __str__(self) -> str:
        return f"{self.name} {self.day}"
