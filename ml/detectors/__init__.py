"""Who watches the days beside Evidently's columns."""

from typing import Annotated

from pydantic import Field

from ml.detectors.champion import Champion
from ml.detectors.classifier import Classifier
from ml.detectors.clock import Clock
from ml.detectors.concept import Concept
from ml.detectors.detector import Place, ScoredDetector
from ml.detectors.frozen import Frozen
from ml.detectors.label import Label
from ml.detectors.missing import Missing
from ml.detectors.novel import Novel
from ml.detectors.relation import Relation
from ml.detectors.steady import Steady

Detector = Annotated[
    Champion | Classifier | Clock | Concept | Frozen | Label | Missing | Novel | Relation | Steady,
    Field(discriminator="kind"),
]
ROSTER: tuple[type[ScoredDetector], ...] = (
    Champion,
    Classifier,
    Clock,
    Concept,
    Frozen,
    Label,
    Missing,
    Novel,
    Relation,
    Steady,
)

__all__ = [
    "ROSTER",
    "Champion",
    "Classifier",
    "Clock",
    "Concept",
    "Detector",
    "Frozen",
    "Label",
    "Missing",
    "Novel",
    "Place",
    "Relation",
    "ScoredDetector",
    "Steady",
]
