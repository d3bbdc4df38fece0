"""A pipeline, what serves it, and what its requests go through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from ml.config import PipelineConfig
from ml.features.online import Online, StaleFeatures
from ml.predictions.bundle import Bundle
from ml.predictions.entries import Entries
from ml.records import Prediction
from ml.rows import Rows
from ml.serving.prepared import Prepared
from ml.serving.refusals import busy
from ml.shelf import Served, Shelf, Slots, Traffic

if TYPE_CHECKING:
    from ml.ledger import Ledger


class Log(Protocol):
    """Where predictions are kept before they are answered."""

    def append(self, said: Sequence[Prediction | Bundle]) -> None: ...


@dataclass(frozen=True)
class Endpoint:
    """A pipeline and what serves it."""

    pipeline: PipelineConfig
    shelf: Shelf
    traffic: Traffic
    entries: Entries
    online: Online | None = None

    @classmethod
    def of(
        cls,
        pipeline: PipelineConfig,
        shelf: Shelf,
        log: Log,
        masking_key: str | None = None,
        ledger: Ledger | None = None,
    ) -> Endpoint:
        """The endpoint of a pipeline whose predictions are kept in this log; aggregates are read from the ledger.

        Raises
        ------
        ConfigError
            Columns are to be masked, and there is no key.
        """
        traffic = Traffic(
            shelf, pipeline.serving.candidate, pipeline.source.key, _score, log.append, pipeline.features.past
        )
        entries = Entries(pipeline, masking_key)
        entries.key({})
        return cls(pipeline, shelf, traffic, entries, _online(pipeline, ledger))

    def complete(self, served: Served, rows: Rows) -> Sequence[str]:
        """Give the rows what the version takes of the past; names what is not known now.

        Raises
        ------
        Refused
            The table of the past is too old, and the YAML says that nothing is answered then.
        """
        past = served.looked_up(self.pipeline.features.past)
        if self.online is None or not past:
            return ()
        try:
            found, missing = self.online.of_many(rows, datetime.now(UTC), past)
        except StaleFeatures as error:
            raise busy(str(error), 60) from error
        for name, values in found.items():
            rows.put(name, values)
        return sorted(missing)

    @property
    def looks_up(self) -> bool:
        """Whether the YAML or a version that is held asks for anything of the past."""
        slots = self.shelf.slots
        held = [served for served in (slots.current, slots.previous, slots.candidate) if served is not None]
        return bool(self.pipeline.features.past or any(served.past for served in held))

    def began(self) -> tuple[Slots, Served]:
        """What a request that begins now is answered by: the slots, and the version in Production.

        Raises
        ------
        Refused
            There is none yet.
        """
        slots = self.shelf.slots
        if slots.current is None:
            raise busy(f"no version of {self.pipeline.name} is in Production yet", 5)
        return slots, slots.current


def _score(served: Served, rows: Sequence[Mapping[str, Any]]) -> list[float]:
    """What a version says of rows that were read."""
    ready: Prepared = served.prepared
    found: list[float] = ready.predictor.answers(rows).tolist()
    return found


def _online(pipeline: PipelineConfig, ledger: Ledger | None) -> Online | None:
    """What is known of the past, for versions that ask for it; None without a ledger."""
    name = pipeline.name
    if ledger is None:
        return None
    return Online(
        pipeline.features,
        pipeline.contract.types,
        lambda: ledger.feature_values(name),
        lambda: ledger.newest_features(name),
    )
