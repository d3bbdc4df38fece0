"""The gates that stand between a challenger and Production."""

from typing import Annotated

from pydantic import Field

from ml.gates.at_least import AtLeast
from ml.gates.beats_baseline import BeatsBaseline
from ml.gates.beats_champion import BeatsChampion
from ml.gates.budget import Budget
from ml.gates.calibration import Calibration
from ml.gates.compatible import Compatible
from ml.gates.fairness import Fairness
from ml.gates.fresh_data import FreshData
from ml.gates.gate import BaseGate
from ml.gates.leak import Leak
from ml.gates.slices import Slices
from ml.gates.stability import Stability

ROSTER: tuple[type[BaseGate], ...] = (
    *(AtLeast, BeatsChampion, BeatsBaseline, Slices, Calibration),
    *(Stability, Budget, Compatible, FreshData, Leak, Fairness),
)

Gate = Annotated[
    AtLeast
    | BeatsChampion
    | BeatsBaseline
    | Slices
    | Calibration
    | Stability
    | Budget
    | Compatible
    | FreshData
    | Leak
    | Fairness,
    Field(discriminator="kind"),
]

__all__ = [
    "ROSTER",
    "AtLeast",
    "BaseGate",
    "BeatsBaseline",
    "BeatsChampion",
    "Budget",
    "Calibration",
    "Compatible",
    "Fairness",
    "FreshData",
    "Gate",
    "Leak",
    "Slices",
    "Stability",
]
