"""A version that serves in this process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from ml import golden
from ml.compiled import Predictor
from ml.features import Definitions
from ml.golden import Example
from ml.metrics import Task


@dataclass(frozen=True)
class Served:
    """A version in memory, with all that a service says about it; it never changes.

    ``since`` is when it entered Production (aware). ``inputs`` are names and types as the model's file declares them,
    in the order of its columns; ``examples`` its golden requests, none for a version that was saved without. ``past``
    defines the aggregates over the past among its inputs; None for a version that was saved without saying so.
    ``predictor`` gives its answers. ``prepared`` is what the service made of it before it serves: that belongs to the
    version, so that a request that holds this object is answered by one version alone.
    """

    pipeline: str
    version: int
    run_id: str
    since: datetime
    predictor: Predictor = field(repr=False)
    inputs: tuple[tuple[str, str], ...]
    examples: tuple[Example, ...] = field(repr=False)
    task: Task
    prepared: Any = field(default=None, repr=False)
    past: Definitions | None = None

    @cached_property
    def golden(self) -> tuple[Mapping[str, Any], ...]:
        """The rows of its golden requests, as a request is read."""
        return tuple(golden.typed(self.inputs, example.row) for example in self.examples)

    @cached_property
    def taken(self) -> tuple[str, ...]:
        """The names of its inputs."""
        return tuple(name for name, _ in self.inputs)

    def looked_up(self, otherwise: Definitions) -> Definitions:
        """The aggregates that it takes; ``otherwise`` defines those of a version that was saved without."""
        known = otherwise if self.past is None else self.past
        return {name: known[name] for name, _ in self.inputs if name in known}
