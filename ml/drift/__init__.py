"""Who can tell that the data has drifted.

A second kind joins the union here: ``Annotated[EvidentlyDrift | Other, Field(discriminator="kind")]``.
"""

from ml.drift.detector import BaseDetector, Compared
from ml.drift.evidently import EvidentlyDrift

Drift = EvidentlyDrift
ROSTER: tuple[type[BaseDetector], ...] = (EvidentlyDrift,)

__all__ = ["ROSTER", "BaseDetector", "Compared", "Drift", "EvidentlyDrift"]
