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
from ml.predictions.bundle import Bundle
from ml.predictions.ids import new_ids
from ml.records import Prediction, Scorer
from ml.rows import column

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
        taken: tuple[str, ...] | None = None,
    ) -> list[Prediction]:
        """One prediction for each row. A row holds the features, and the columns of the key as far as they are known.

        ``name`` gives a row's name where the same row must get the same one again; without it each gets a new one.
        ``taken`` are the features that the version takes, which the YAML may not name any more; without it those of
        the YAML.
        """
        ids = [name(row) for row in rows] if name else None
        return self.bundle(rows, probabilities, version, role, caller, at, ids, taken).predictions()

    def bundle(
        self,
        rows: Sequence[Mapping[str, Any]],
        probabilities: Sequence[float],
        version: int,
        role: Scorer,
        caller: str | None,
        at: datetime,
        ids: list[str] | None = None,
        taken: tuple[str, ...] | None = None,
    ) -> Bundle:
        """The same by columns; without ``ids`` they are new."""
        moments = [moment(value) for value in column(rows, self.pipeline.source.event_time)]
        hidden, asked = self.pipeline.source.event_time in self.pipeline.predictions.masked, self._local(at)
        # all of it is made here, of the right types: to have it checked would take longer than to make it
        return Bundle.model_construct(
            ids=new_ids(len(rows)) if ids is None else ids,
            pipeline=self.pipeline.name,
            version=version,
            role=role,
            caller=caller,
            at=at,
            key=self._kept(rows, self._key_types),
            event_times=[None] * len(rows) if hidden else moments,
            days=[asked if when is None else when.date() for when in moments],
            probabilities=[_finite(probability) for probability in probabilities],
            features=self._features(rows, self._known(self.pipeline.model.features if taken is None else taken)),
        )

    def key(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The row's key as it is kept: the same for a row from a request and from the lake."""
        return {name: values[0] for name, values in self._kept([row], self._key_types).items()}

    def _features(
        self, rows: Sequence[Mapping[str, Any]], types: Mapping[str, str | None]
    ) -> dict[str, list[Any]] | None:
        how = self.pipeline.predictions.features
        if how == "none":
            return None
        if how == "value":
            return self._kept(rows, types)
        columns = plain_columns(rows, types)
        each = zip(*columns.values(), strict=True) if columns else [()] * len(rows)
        return {"sha256": [fingerprint(dict(zip(columns, values, strict=True))) for values in each]}

    def _kept(self, rows: Sequence[Mapping[str, Any]], types: Mapping[str, str | None]) -> dict[str, list[Any]]:
        columns = plain_columns(rows, types)
        return {name: self._mask.column(name, values) for name, values in columns.items()}

    def _local(self, at: datetime) -> date:
        """The data day of a row without an event time: the day on which it was asked about."""
        return at.astimezone(ZoneInfo(self.pipeline.schedule.timezone)).date()

    @cached_property
    def _mask(self) -> Mask:
        return Mask.of(self.pipeline.predictions.masked, self.masking_key)

    @cached_property
    def _key_types(self) -> Mapping[str, str | None]:
        return {name: self._types.get(name) for name in self.pipeline.source.key}

    def _known(self, features: tuple[str, ...]) -> Mapping[str, str | None]:
        """Those of the features that are kept, and their types in the contract."""
        if features not in self._seen:
            dropped, types = self.pipeline.predictions.dropped, self._types
            self._seen[features] = {name: types.get(name) for name in features if name not in dropped}
        return self._seen[features]

    @cached_property
    def _seen(self) -> dict[tuple[str, ...], Mapping[str, str | None]]:
        """The features that versions took, with their types: the same for every request."""
        return {}

    @cached_property
    def _types(self) -> Mapping[str, str]:
        return self.pipeline.contract.types


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


# what JSON keeps as it is in a column of that type of the contract
_AS_IT_IS: Mapping[str | None, frozenset[type]] = {
    "float": frozenset({float, str, bool}),
    "int": frozenset({int, str, bool}),
    "datetime": frozenset({int, float, bool}),
}
_PLAIN, _FLOATS = frozenset({int, float, str, bool}), {float}


def plain_columns(rows: Sequence[Mapping[str, Any]], types: Mapping[str, str | None]) -> dict[str, list[Any]]:
    """These columns of the rows, each value as ``plain`` has it; what a row lacks is None."""
    return {name: _plain_column(column(rows, name), type_) for name, type_ in types.items()}


def _plain_column(values: list[Any], type_: str | None) -> list[Any]:
    kinds = set(map(type, values))
    kinds.discard(type(None))
    if float in kinds and not _finite_all(values, kinds):
        return [plain(value, type_) for value in values]
    if kinds <= _AS_IT_IS.get(type_, _PLAIN):
        return values
    if type_ == "int" and kinds == {float}:
        return [int(value) if value is not None and value.is_integer() else value for value in values]
    if kinds == {datetime}:
        return [value.isoformat() if value and value.tzinfo is None else plain(value, type_) for value in values]
    return [plain(value, type_) for value in values]


def _finite_all(values: list[Any], kinds: set[type]) -> bool:
    """Whether no float among them is NaN or infinite; False also for floats whose sum is."""
    if kinds == _FLOATS:  # what a request holds, by the thousand; None is filtered out, and 0 adds nothing
        return isfinite(sum(filter(None, values)))
    return all(isfinite(value) for value in values if type(value) is float)


def plain(value: Any, type_: str | None = None) -> Any:
    """The value as JSON keeps it, so that a request's and the lake's are equal: times as ISO 8601, whole numbers whole.

    NaN and infinity, which JSON has not, are None: not known. ``type_`` is the contract's type of the column.
    """
    if value is None:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if type_ == "datetime" and (found := moment(value)) is not None:
        value = found
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not isfinite(value):
        return None
    if type_ == "int" and isinstance(value, float) and value.is_integer():
        return int(value)
    return float(value) if type_ == "float" and isinstance(value, int) and not isinstance(value, bool) else value
