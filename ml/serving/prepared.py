"""A version made ready to answer: how its requests are read, what predicts, and an example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from ml.compiled import Explainer, Predictor
from ml.config import PipelineConfig
from ml.serving.fields import Field
from ml.serving.reading import Reading
from ml.shelf import Served


@dataclass(frozen=True)
class Prepared:
    """What the service keeps of a version beside its estimator."""

    reading: Reading
    predictor: Predictor
    background: tuple[Mapping[str, Any], ...]

    @cached_property
    def explainer(self) -> Explainer:
        """Made when somebody asks the first time: most versions are never asked."""
        return Explainer(self.predictor, self.background)

    @cached_property
    def example(self) -> dict[str, Any]:
        """A row as a caller would send it: the first golden request, with a made-up key."""
        golden = self.background[0] if self.background else {}
        row = {name: value for name, value in golden.items() if name in self.reading.fields}
        needed = (field for field in self.reading.fields.values() if field.needed and row.get(field.name) is None)
        made_up = {field.name: None if field.nullable else _made_up(field) for field in needed}
        return {name: _plain(value) for name, value in (row | made_up).items()}


def prepared(pipeline: PipelineConfig, served: Served) -> Prepared:
    """All that a request of this version would wait for, made beforehand."""
    reading = Reading.of(pipeline, served.inputs, served.looked_up(pipeline.features.past))
    reading.warm()
    return Prepared(reading, served.predictor, served.golden)


def _made_up(field: Field) -> Any:
    rule = field.rule
    if rule.allowed:
        return rule.allowed[0]
    if rule.type == "string":
        return "A"
    if rule.type == "datetime":
        return datetime(2013, 6, 1, 14, 30)
    if rule.type == "bool":
        return True
    return max(rule.min or 1, 1) if rule.max is None or rule.max >= 1 else rule.max


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
