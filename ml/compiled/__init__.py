"""Models as what answers fast: compiled from a fitted estimator, kept as arrays, and explained field by field."""

from ml.compiled.contributions import Explainer, Explanation
from ml.compiled.file import FILE, read, write
from ml.compiled.forest import CannotCompile, Forest
from ml.compiled.predictor import Predictor, predictor

__all__ = ["FILE", "CannotCompile", "Explainer", "Explanation", "Forest", "Predictor", "predictor", "read", "write"]
