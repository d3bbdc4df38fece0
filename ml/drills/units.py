"""A number in another unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from ml.drills.fault import Attempt, Fault, shuffled

if TYPE_CHECKING:
    import numpy as np

    from ml.drills.scene import Scene


@dataclass(frozen=True)
class Conversion:
    """``value * factor + offset``; ``unit`` is the pattern by which a contract's note tells that it is in order."""

    says: str
    unit: str
    factor: float
    offset: float = 0.0


CONVERSIONS = (
    Conversion("°F in °C", r"fahrenheit|°F", 5 / 9, -160 / 9),
    Conversion("°C in °F", r"celsius|°C", 9 / 5, 32),
    Conversion("mph in km/h", r"miles (per|an) hour|\bmph\b", 1.609344),
    Conversion("km/h in mph", r"kilomet(re|er)s (per|an) hour|\bkm/h\b", 1 / 1.609344),
    Conversion("miles in km", r"\bmiles?\b", 1.609344),
    Conversion("km in miles", r"\bkilomet(re|er)s?\b|\bkm\b", 1 / 1.609344),
    Conversion("hPa in inHg", r"\bmillibars?\b|\bhPa\b|\bmbar\b", 0.02953),
    Conversion("feet in metres", r"\bfeet\b|\bft\b", 0.3048),
    Conversion("metres in feet", r"\bmet(re|er)s?\b", 1 / 0.3048),
    Conversion("inches in mm", r"\binch(es)?\b", 25.4),
    Conversion("minutes in hours", r"\bminutes?\b", 1 / 60),
    Conversion("seconds in ms", r"\bseconds?\b", 1000),
    Conversion("pounds in kg", r"\bpounds?\b|\blbs?\b", 0.45359237),
    Conversion("kg in pounds", r"\bkilo(gram)?s?\b|\bkg\b", 1 / 0.45359237),
    Conversion("percent as a share", r"\bpercent\b|%", 0.01),
)
_PRESSURE = (850, 1100)


class UnitChanged(Fault):
    """A column of numbers comes in another unit.

    Which unit it is in is read from the contract's ``why`` of the column, or told by ``factor`` and ``offset``;
    values between 850 and 1100 are taken for hPa. Without any of these: a column of unknown unit times 1.609.
    """

    what: ClassVar[str] = "a column of numbers comes in another unit"
    how: ClassVar[str] = "upstream goes metric, or a client library changes its default"
    needs: ClassVar[str] = "a column of numbers that are not all zero"

    kind: Literal["unit_changed"] = "unit_changed"
    column: str | None = None
    factor: float | None = None
    offset: float = 0.0
    share: float = Field(default=1.0, gt=0, le=1)

    def attempts(self, scene: Scene, rng: np.random.Generator) -> Iterator[Attempt]:
        numbers = scene.numbers()
        known = [column for column in numbers if self._known(scene, column)]
        for column in shuffled(numbers if self.column else known or numbers, self.column, rng):
            unit = self._known(scene, column) or Conversion("a unit 1.609 times larger", "", 1.609344)
            where = scene.window(self.share, rng) if self.share < 1 else None
            tables = scene.change(column, lambda c, u=unit: c * u.factor + u.offset, where)  # type: ignore[misc]
            yield Attempt(tables, (column,), f"{column}: {unit.says}")

    def _known(self, scene: Scene, column: str) -> Conversion | None:
        if self.factor is not None:
            return Conversion(f"times {self.factor:g} plus {self.offset:g}", "", self.factor, self.offset)
        note = scene.ground.notes.get(column, "")
        found = [c for c in CONVERSIONS if re.search(c.unit, note, re.IGNORECASE)]
        if found:
            return found[0]
        median = scene.struck[column].median()
        is_pressure = isinstance(median, float) and _PRESSURE[0] <= median <= _PRESSURE[1]
        return next(c for c in CONVERSIONS if c.says == "hPa in inHg") if is_pressure else None
