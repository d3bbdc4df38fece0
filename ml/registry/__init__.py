"""MLflow: training runs, model files and the stages of versions. The only room that imports it."""

from ml.registry.garbage import KnownVersion, SavedModel
from ml.registry.glance import aliases, glance, run_of
from ml.registry.origins import Training
from ml.registry.registry import Registry
from ml.registry.versions import ARCHIVED, PREVIOUS, PRODUCTION, STAGING, Served, Standing

__all__ = [
    "ARCHIVED",
    "PREVIOUS",
    "PRODUCTION",
    "STAGING",
    "KnownVersion",
    "Registry",
    "SavedModel",
    "Served",
    "Standing",
    "Training",
    "aliases",
    "glance",
    "run_of",
]
