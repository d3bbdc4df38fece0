"""What is kept of one answer: a bundle of predictions for each version that gave a part of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from ml.predictions.bundle import Bundle
from ml.predictions.entries import Entries
from ml.records import Scorer
from ml.shelf import Served, Told

T = TypeVar("T")


@dataclass(frozen=True)
class Parts:
    """The bundles, and the numbers of the rows that each is about."""

    bundles: list[Bundle]
    numbers: list[Sequence[int]]

    @classmethod
    def of(cls, entries: Entries, served: Served, told: Told, caller: str, rows: Sequence[Mapping[str, Any]]) -> Parts:
        """What was told of these rows: by the version in Production, or by the candidate in its place."""
        now, shares = datetime.now(UTC), _shares(told)
        bundles = []
        for by, numbers in shares:
            role: Scorer = "production" if by is served else "canary"
            mine, values = (rows, told.values) if len(shares) == 1 else _only(numbers, rows, told.values)
            bundles.append(entries.bundle(mine, values, by.version, role, caller, now, taken=by.taken))
        return cls(bundles, [numbers for _, numbers in shares])

    def in_order(self, of: Callable[[Bundle], list[T]]) -> list[T]:
        """What each row's own bundle gives for it, in the order of the rows."""
        if len(self.bundles) == 1:
            return of(self.bundles[0])
        pairs = zip(self.bundles, self.numbers, strict=True)
        found = {n: one for bundle, numbers in pairs for n, one in zip(numbers, of(bundle), strict=True)}
        return [found[n] for n in range(len(found))]


def _shares(told: Told) -> list[tuple[Served, Sequence[int]]]:
    """Each version that answered, and the numbers of its rows."""
    if all(by is told.by[0] for by in told.by):
        return [(told.by[0], range(len(told.by)))]
    found: dict[int, tuple[Served, list[int]]] = {}
    for number, by in enumerate(told.by):
        found.setdefault(id(by), (by, []))[1].append(number)
    return list(found.values())


def _only(numbers: Sequence[int], *lists: Sequence[Any]) -> list[list[Any]]:
    return [[one[number] for number in numbers] for one in lists]
