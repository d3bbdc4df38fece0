"""One file of the owner, section by section."""

from datetime import time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from ml.approval import ApprovalPlan, Auto
from ml.contract import Contract
from ml.days import Clock, Days
from ml.diagnosis.actions import Actions
from ml.drift import Drift
from ml.features import FeaturePlan
from ml.gates import Gate
from ml.limits import Serving
from ml.metrics import METRICS
from ml.notifiers import Notifier
from ml.policy import RetrainPolicy
from ml.prediction_log import PredictionLog
from ml.prices.plan import WorthPlan
from ml.retention import Retention
from ml.score_plan import ScorePlan
from ml.section import Section
from ml.sources import Source
from ml.upstream import UpstreamTable


class Schedule(Section):
    """When the night starts: at a wall-clock time of the owner's timezone; a data day is a calendar day there."""

    at: Annotated[
        Clock,
        Field(description="Wall-clock time at which the night starts.", json_schema_extra={"default": "02:00"}),
    ] = time(2, 0)
    timezone: str = Field(default="UTC", description="A name of the tz database.", examples=["America/New_York"])

    @field_validator("timezone")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{value!r} is not a timezone; write for example America/New_York") from error
        return value

    @property
    def cron(self) -> str:
        return cron(self.at)


def cron(at: time) -> str:
    """Every day at this time, as cron writes it."""
    return f"{at.minute} {at.hour} * * *"


class Window(Section):
    """How many accepted days before the newest due label a model is fitted on."""

    train: Annotated[Days, Field(ge=1, description="Days that the model is fitted on, the newest included.")] = 364


class Model(Section):
    """What is predicted from what, and by which estimator."""

    task: Literal["classification", "regression"] = Field(
        default="classification", description="classification: the label is 0 or 1, the prediction a probability."
    )
    label: str = Field(description="The column to predict; null while it is not known yet.")
    features: tuple[str, ...] = Field(min_length=1, description="The columns to predict it from.")
    estimator: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$",
        description="package.module:function; the function takes seed and gives an unfitted scikit-learn estimator. "
        "Left out, a sensible default for any table is built.",
        examples=["ml.pipelines.flight_delays:build"],
    )
    seed: int = Field(default=0, ge=0, lt=2**32, description="Makes a training repeatable.")


class RefitLimits(Section):
    """How far the model that is refitted on all rows may lie from the one that was judged; see ``ml.refits``.

    They are wide: a month of flights refitted with one more week ranks that week's rows with a correlation of 0.64.
    """

    ranks: float = Field(default=0.3, ge=-1, le=1, description="Lowest rank correlation on the held-out rows.")
    move: float = Field(default=1.5, gt=0, description="Largest mean move, in standard deviations of the predictions.")
    level: float = Field(
        default=0.1,
        ge=0,
        description="So much farther off may its mean prediction be, in standard deviations of the label.",
    )
    worse: float = Field(default=0.02, ge=0, description="Largest share by which its loss may exceed the judged one's.")


class EvaluationPlan(Section):
    """The newest labelled days on which all roles are compared, and the metric that counts."""

    holdout: Annotated[Days, Field(ge=1, description="So many of the newest labelled days are held out.")] = 7
    metric: str = Field(
        default="log_loss",
        description="The metric that counts.",
        json_schema_extra={"enum": list(METRICS)},
    )
    slices: tuple[str, ...] = Field(default=(), description="Columns by whose values the scores are also split.")
    alpha: float = Field(
        default=0.05,
        gt=0,
        lt=0.5,
        description="The chance in a year that a recipe worse than the champion's by more than the margin is promoted, "
        "however many nights ask.",
    )
    refit: RefitLimits = RefitLimits()


class Floor(Section):
    """What a version that has just been promoted must really do, or it is rolled back.

    It falls through when it does worse by more than ``by`` even at the better end of the interval: than its own
    evaluation said, on its newest days whose labels are due, as ``retrain.performance_drop`` measures it; or than the
    version that it replaced, on the same rows of the days that it served, as ``nightshift worth`` measures it.
    """

    by: float = Field(gt=0, description="So much worse, in units of `evaluation.metric`.", examples=[0.05])
    than: Literal["evaluation", "replaced"] = Field(
        default="evaluation",
        description="evaluation: than its evaluation said; replaced: than the version before on the same rows, which "
        "a month that is hard for both does not fell.",
    )
    within: Annotated[Days, Field(ge=3, description="For so many data days after its promotion.")] = 14


class Stages(Section):
    """What becomes of a version whose stage somebody changed in MLflow, and of a fresh one that does badly."""

    outside: Literal["revert", "adopt"] = Field(
        default="revert",
        description="revert: the version that was there comes back; adopt: the other one stays, if it can serve. "
        "Either way it is mailed and kept in the ledger.",
    )
    floor: Floor | None = Field(
        default=None, description="When a fresh promotion is rolled back by itself; left out, never."
    )


class PipelineConfig(Section):
    """One model: where its rows come from, what they must look like, when it is retrained, what may be promoted."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,40}$", description="The name of this file, without .yaml.")]
    description: str = Field(default="", description="What the model says, in a sentence.")
    schedule: Schedule = Schedule()
    source: Source
    upstream: dict[str, UpstreamTable] = Field(
        default_factory=dict, description="Tables that the query joins, by name; each is held against a contract too."
    )
    contract: Contract
    features: FeaturePlan = FeaturePlan()
    drift: Drift
    diagnosis: Actions = Actions()
    retrain: RetrainPolicy
    window: Window = Window()
    model: Model
    evaluation: EvaluationPlan = EvaluationPlan()
    gates: tuple[Gate, ...] = Field(description="What a challenger must pass before it serves; all of them.")
    approval: ApprovalPlan = Field(default=Auto(), description="Whether a person is asked before a version serves.")
    stages: Stages = Stages()
    serving: Serving = Serving()
    retention: Retention = Retention()
    predictions: PredictionLog = PredictionLog()
    score: ScorePlan | None = Field(
        default=None, description="The rows of the coming day, scored every night; left out, none are."
    )
    worth: WorthPlan = WorthPlan()
    alerts: tuple[Notifier, ...] = Field(default=(), description="Who is told, and how.")

    @property
    def carried(self) -> tuple[str, ...]:
        """The model's features that a row carries itself; the others are aggregates over the past."""
        return tuple(name for name in self.model.features if name not in self.features.past)

    @property
    def afterwards(self) -> frozenset[str]:
        """The columns that only say when the outcome of a row became known: nobody sends them, and none is compared."""
        known = {past.known_after for past in self.features.past.values() if isinstance(past.known_after, str)}
        return frozenset(known - {*self.model.features, *self.source.key, self.source.event_time})
