"""The owner's YAML, parsed into the strategies themselves: there is no factory behind it."""

from ml.config.files import find_pipeline, load_pipeline, load_pipelines
from ml.config.pipeline import EvaluationPlan, Model, PipelineConfig, RefitLimits, Schedule, Window
from ml.config.schema import json_schema, schema_text

__all__ = [
    "EvaluationPlan",
    "Model",
    "PipelineConfig",
    "RefitLimits",
    "Schedule",
    "Window",
    "find_pipeline",
    "json_schema",
    "load_pipeline",
    "load_pipelines",
    "schema_text",
]
