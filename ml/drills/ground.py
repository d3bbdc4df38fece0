"""What a fault needs to know of a pipeline before it can strike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ml.config import PipelineConfig


@dataclass(frozen=True)
class Ground:
    """A pipeline as a fault sees it.

    ``name`` is also the name of the pipeline's own rows among the tables. ``columns`` are those that the contract or
    the model asks for, but those that only say when the outcome became known; ``notes`` what the contract says of each,
    where a unit is looked for; ``times`` the column of the event time in each table that has one, the pipeline's own
    among them.
    """

    name: str
    event_time: str
    key: tuple[str, ...]
    label: str
    columns: tuple[str, ...]
    notes: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, pipeline: PipelineConfig) -> Ground:
        """The ground that a pipeline's YAML describes."""
        source, rules = pipeline.source, pipeline.contract.columns
        asked = dict.fromkeys((*rules, *pipeline.carried))
        return cls(
            name=pipeline.name,
            event_time=source.event_time,
            key=source.key,
            label=pipeline.model.label,
            columns=tuple(name for name in asked if name not in pipeline.afterwards),
            notes={column: rule.why for column, rule in rules.items() if rule.why},
            times={pipeline.name: source.event_time} | {n: t.source.event_time for n, t in pipeline.upstream.items()},
        )
