"""A fire drill: every fault of ``ml.drills`` into copies of clean days, and what the contract makes of each.

Nothing is written into ledger or lake; each copy goes the way that ``validate`` sends a day (``ml.inspection``).
"""

from ml.drilling.bench import Bench
from ml.drilling.drill import drill
from ml.drilling.exercise import Exercise, Remedy
from ml.drilling.report import DrillReport, FaultResult

__all__ = ["Bench", "DrillReport", "Exercise", "FaultResult", "Remedy", "drill"]
