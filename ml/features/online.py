"""The features of a row that is asked about now: the newest table, in memory and looked at again every few seconds.

    online = Online(plan, types, lambda: ledger.feature_values(name), lambda: ledger.newest_features(name))
    values, missing = online.of({"origin": "JFK"}, now)

While the ledger is away the table in memory serves, until it is ``max_age`` old.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Protocol

from ml.errors import DataError, NightshiftError
from ml.features.definitions import Definitions
from ml.features.keys import DEFAULT, of_columns
from ml.features.plan import FeaturePlan
from ml.rows import column
from ml.rules.types import Type

EVERY = 5.0


class Table(Protocol):
    """The newest table: when its night started (aware), the definition of each feature, and the values by key."""

    @property
    def at(self) -> datetime: ...
    @property
    def definitions(self) -> Mapping[str, str]: ...
    @property
    def values(self) -> Mapping[str, Mapping[str, float | None]]: ...


_Values = Mapping[str, Mapping[str, float | None]]


class StaleFeatures(DataError):
    """The table of the past is too old, or not there, and the YAML says that a model is then not asked."""


@dataclass
class Online:
    """Looks up the aggregates of one pipeline; any number of threads may ask.

    ``read`` gives the newest table and ``changed`` a number that is another when there is a newer one, both None before
    the first night. A feature is found by its definition, whatever it is called. ``problem`` says why the table could
    not be looked at last, None while all is well.
    """

    plan: FeaturePlan
    types: Mapping[str, Type]
    read: Callable[[], Table | None]
    changed: Callable[[], int | None]
    every: float = EVERY
    problem: str | None = None
    _held: tuple[Table, _Values] | None = field(default=None, repr=False)
    _number: int | None = None
    _looked: float = -1e18
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def of(
        self, row: Mapping[str, Any], now: datetime, past: Definitions | None = None
    ) -> tuple[dict[str, float | None], tuple[str, ...]]:
        """The value of every aggregate for a row, and the names of those that are missing for every row now.

        ``past`` defines them, as the model was fitted with them; without it the YAML does.

        Raises
        ------
        StaleFeatures
            Some are missing, and the YAML refuses then.
        """
        found, missing = self.of_many([row], now, past)
        return {name: values[0] for name, values in found.items()}, missing

    def of_many(
        self, rows: Sequence[Mapping[str, Any]], now: datetime, past: Definitions | None = None
    ) -> tuple[dict[str, list[float | None]], tuple[str, ...]]:
        """The same for many rows, all from one table: a list of values for every aggregate.

        Raises
        ------
        StaleFeatures
            As ``of`` does.
        """
        past = self.plan.past if past is None else past
        known = self._fresh(now)
        missing = tuple(name for name, aggregate in past.items() if aggregate.digest not in known)
        if missing and self.plan.stale == "refuse":
            raise StaleFeatures(self._sentence(now, missing))
        keys = {by: self._keys(rows, by) for by in {aggregate.by for aggregate in past.values()}}
        return {name: _values(known.get(a.digest), keys[a.by]) for name, a in past.items()}, missing

    def _keys(self, rows: Sequence[Mapping[str, Any]], by: Sequence[str]) -> list[str | None]:
        return of_columns([column(rows, name) for name in by], [self.types[name] for name in by])

    def age(self, now: datetime) -> timedelta | None:
        """How long ago the night of the table in memory started; None while there is none."""
        self._look()
        return None if self._held is None else now - self._held[0].at

    def _fresh(self, now: datetime) -> _Values:
        """The values by definition; none when the table is too old, or not there."""
        self._look()
        held = self._held
        return held[1] if held is not None and now - held[0].at <= timedelta(hours=self.plan.max_age) else {}

    def refresh(self) -> None:
        """Read the table again if there is a newer one. A ledger that does not answer leaves the table that is here."""
        with self._lock:
            try:
                number = self.changed()
                if number != self._number:
                    # one assignment: another thread sees the old or the new, never half of it
                    self._held, self._number = _by_definition(self.read()), number
                self.problem = None
            except NightshiftError as error:
                self.problem = str(error)
            self._looked = monotonic()

    def _look(self) -> None:
        """See to it that the table is looked at again when it is time: at the very first here, then beside the answers,
        because a ledger that hangs must not keep them waiting.
        """
        if monotonic() - self._looked < self.every:
            return
        if self._looked < 0:
            self.refresh()
        else:
            self._looked = monotonic()
            threading.Thread(target=self.refresh, name="features", daemon=True).start()

    def _sentence(self, now: datetime, missing: tuple[str, ...]) -> str:
        if self._held is None:
            return f"no table of the past was made yet, so {', '.join(missing)} are not known; a night makes one"
        hours = (now - self._held[0].at).total_seconds() / 3600
        return (
            f"{', '.join(missing)} are not known: the newest table of the past is of a night that started {hours:.1f} "
            f"h ago and serves for {self.plan.max_age} h, or it holds other definitions than the model was fitted with"
        )


def _values(table: Mapping[str, float | None] | None, keys: Sequence[str | None]) -> list[float | None]:
    """The value of each key; nothing without a table, or for a row that has no key."""
    if table is None:
        return [None] * len(keys)
    others = table[DEFAULT]
    return [None if key is None else table.get(key, others) for key in keys]


def _by_definition(table: Table | None) -> tuple[Table, _Values] | None:
    return None if table is None else (table, {table.definitions[name]: found for name, found in table.values.items()})
