"""Models as what answers fast: compiled from a fitted estimator, and kept as arrays that open in a few milliseconds."""

from ml.compiled.file import FILE, read, write
from ml.compiled.forest import CannotCompile, Forest
from ml.compiled.predictor import Predictor, predictor

__all__ = ["FILE", "CannotCompile", "Forest", "Predictor", "predictor", "read", "write"]
