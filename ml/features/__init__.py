"""Features that are no column of the source: what was known of the past when a row's time had come.

The same functions make them for a year of training rows, for a night's table and for a row that is asked about now.
"""

from ml.features.definitions import Definitions
from ml.features.plan import Aggregate, FeaturePlan

__all__ = ["Aggregate", "Definitions", "FeaturePlan"]
