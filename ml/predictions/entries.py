"""Rows and what a version said of them, as they are kept: plain, masked, with their day and their name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ml.errors import TrainingError
from ml.masking import Mask
from ml.predictions.ids import new_id
from ml.records import Prediction, Scorer

if TYPE_CHECKING:
    from ml.config import PipelineConfig


@dataclass(frozen=True)
class Entries:
    """Makes what is kept of a pipeline's predictions, as the section ``predictions`` of its YAML says.

    ``masking_key`` is what the environment's NIGHTSHIFT_MASKING_KEY holds.
    """

    pipeline: PipelineConfig
    masking_key: str | None = None

    def of(
        self,
        rows: Sequence[Mapping[str, Any]],
        probabilities: Sequence[float],
        version: int,
        role: Scorer,
        caller: str | None,
        at: datetime,
        name: Callable[[Mapping[str, Any]], str] | None = None,
    ) -> list[Prediction]:
        """One prediction for each row. A row holds the features, and the columns of the key as far as they are known.

        ``name`` gives a row's name where the same row must get the same one again; without it each gets a new one.
        """
        return [
            # all of it is made here, of the right types: to have it checked would take longer than to make it
            Prediction.model_construct(
                id=name(row) if name else new_id(),
                pipeline=self.pipeline.name,
                version=version,
                role=role,
                caller=caller,
                at=at,
                key=self.key(row),
                event_time=self._event_time(row),
                day=self._day(row, at),
                probability=_finite(probability),
                features=self._features(row),
            )
            for row, probability in zip(rows, probabilities, strict=True)
        ]

    def key(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The row's key as it is kept: the same for a row from a request and from the lake."""
        present = {name: plain(row.get(name), self._types.get(name)) for name in self.pipeline.source.key}
        return self._mask(present) if self._mask.columns else present

    @cached_property
    def _mask(self) -> Mask:
        return Mask.of(self.pipeline.predictions.masked, self.masking_key)

    @cached_property
    def _types(self) -> Mapping[str, str]:
        return self.pipeline.contract.types

    @cached_property
    def _kept(self) -> Sequence[tuple[str, str | None]]:
        """The features that are kept, and their types in the contract."""
        dropped = self.pipeline.predictions.dropped
        return [(name, self._types.get(name)) for name in self.pipeline.model.features if name not in dropped]

    def _event_time(self, row: Mapping[str, Any]) -> datetime | None:
        if self.pipeline.source.event_time in self.pipeline.predictions.masked:
            return None
        return moment(row.get(self.pipeline.source.event_time))

    def _day(self, row: Mapping[str, Any], at: datetime) -> date:
        """The data day of the row's event time; of a row without one, the day on which it was asked about."""
        found = moment(row.get(self.pipeline.source.event_time))
        return found.date() if found else at.astimezone(ZoneInfo(self.pipeline.schedule.timezone)).date()

    def _features(self, row: Mapping[str, Any]) -> dict[str, Any] | None:
        kept = self.pipeline.predictions
        if kept.features == "none":
            return None
        seen = {name: plain(row.get(name), type_) for name, type_ in self._kept}
        if kept.features == "value":
            return self._mask(seen) if self._mask.columns else seen
        return {"sha256": fingerprint(seen)}


def _finite(value: float) -> float:
    """The value as a number that JSON knows.

    Raises
    ------
    TrainingError
        It is none: a version that says so says nothing.
    """
    found = float(value)
    if not isfinite(found):
        raise TrainingError(f"a version predicted {found}, which is no number")
    return found


def fingerprint(features: Mapping[str, Any]) -> str:
    """64 hexadecimal digits that are equal for equal features."""
    import orjson

    option = orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY
    return hashlib.sha256(orjson.dumps(features, option=option)).hexdigest()


def moment(value: Any) -> datetime | None:
    """A local time from a time or from text of ISO 8601; None for anything else, also for a time with a zone."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value if isinstance(value, datetime) and value.tzinfo is None else None


def plain(value: Any, type_: str | None = None) -> Any:
    """The value as JSON keeps it, so that a request's and the lake's are equal: times as ISO 8601, whole numbers whole.

    ``type_`` is the contract's type of the column.
    """
    kind = type(value)  # what a request holds, first
    if kind is float:
        return int(value) if type_ == "int" and value.is_integer() else value
    if value is None or (kind is str and type_ != "datetime"):
        return value
    if hasattr(value, "item"):
        value = value.item()
    if type_ == "datetime" and (found := moment(value)) is not None:
        value = found
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC)
    if isinstance(value, date):
        return value.isoformat()
    if type_ == "int" and isinstance(value, float) and value.is_integer():
        return int(value)
    return float(value) if type_ == "float" and isinstance(value, int) and not isinstance(value, bool) else value
