"""MLflow: training runs, model files and the stages of versions. The only room that imports it."""

from ml.registry.origins import Training
from ml.registry.registry import Registry
from ml.registry.versions import Served

__all__ = ["Registry", "Served", "Training"]
