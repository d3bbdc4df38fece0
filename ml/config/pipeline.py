"""The owner's YAML, parsed into the strategies themselves: there is no factory behind it."""

from datetime import time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from ml.contract import Contract
from ml.days import Days
from ml.drift import Drift
from ml.gates import Gate
from ml.notifiers import Notifier
from ml.policy import RetrainPolicy
from ml.section import Section
from ml.sources import Source


class Schedule(Section):
    """When the night starts: at a wall-clock time of the owner's timezone; a data day is a calendar day there."""

    at: time = time(2, 0)
    timezone: str = "UTC"

    @field_validator("timezone")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value!r} is not a timezone; write for example America/New_York") from error
        return value

    @property
    def cron(self) -> str:
        return f"{self.at.minute} {self.at.hour} * * *"


class Window(Section):
    """How many accepted days before the newest due label a model is fitted on."""

    train: Days = 364


class Model(Section):
    """What is predicted from what, and by which estimator.

    ``estimator`` is a dotted path ``package.module:function``; the function takes ``seed`` and gives an unfitted
    scikit-learn estimator. Without it a sensible default for any table is built.
    """

    task: Literal["classification", "regression"] = "classification"
    label: str
    features: tuple[str, ...] = Field(min_length=1)
    estimator: str | None = None
    seed: int = 0


class EvaluationPlan(Section):
    """The newest labelled days on which all roles are compared, and the metric that counts."""

    holdout: Days = 7
    metric: str = "log_loss"
    slices: tuple[str, ...] = ()


class PipelineConfig(Section):
    """One model: where its rows come from, what they must look like, when it is retrained, what may be promoted."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
    description: str = ""
    schedule: Schedule = Schedule()
    source: Source
    contract: Contract
    drift: Drift
    retrain: RetrainPolicy
    window: Window = Window()
    model: Model
    evaluation: EvaluationPlan = EvaluationPlan()
    gates: tuple[Gate, ...]
    alerts: tuple[Notifier, ...] = ()
