"""The gates that stand between a challenger and Production."""

from typing import Annotated

from pydantic import Field

from ml.gates.at_least import AtLeast
from ml.gates.beats_baseline import BeatsBaseline
from ml.gates.beats_champion import BeatsChampion
from ml.gates.gate import BaseGate

ROSTER: tuple[type[BaseGate], ...] = (AtLeast, BeatsChampion, BeatsBaseline)

Gate = Annotated[AtLeast | BeatsChampion | BeatsBaseline, Field(discriminator="kind")]

__all__ = ["ROSTER", "AtLeast", "BaseGate", "BeatsBaseline", "BeatsChampion", "Gate"]
