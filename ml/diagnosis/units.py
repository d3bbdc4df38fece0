"""A number in another unit, with another sign, or under another column's name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from ml.diagnosis import joint
from ml.diagnosis.case import Case, Evidence

if TYPE_CHECKING:
    import pandas

# what the number was multiplied by, after what was added: y = (x + added) * factor
CONVERSIONS = {
    "degrees Fahrenheit became Celsius": (-32.0, 5 / 9),
    "degrees Celsius became Fahrenheit": (32 / 1.8, 1.8),
    "degrees Celsius became Kelvin": (273.15, 1.0),
    "miles became kilometres": (0.0, 1.609344),
    "kilometres became miles": (0.0, 1 / 1.609344),
    "miles became metres": (0.0, 1609.344),
    "hectopascals became inches of mercury": (0.0, 0.0295300),
    "inches of mercury became hectopascals": (0.0, 33.8639),
    "knots became miles an hour": (0.0, 1.150779),
    "miles an hour became metres a second": (0.0, 0.44704),
    "feet became metres": (0.0, 0.3048),
    "metres became feet": (0.0, 3.28084),
    "inches became millimetres": (0.0, 25.4),
    "pounds became kilograms": (0.0, 0.45359237),
    "kilograms became pounds": (0.0, 2.20462262),
    "a share became a percentage": (0.0, 100.0),
    "a percentage became a share": (0.0, 0.01),
    "thousands became units": (0.0, 1000.0),
    "units became thousands": (0.0, 0.001),
    "minutes became seconds": (0.0, 60.0),
    "seconds became minutes": (0.0, 1 / 60),
    "minutes became hours": (0.0, 1 / 60),
    "a decimal point was lost": (0.0, 10.0),
    "the sign was turned": (0.0, -1.0),
}
FAR, QUIET, GAIN = 4.0, 1.0, 3.0
FAR_OUT = 1.5  # widths of all that was seen; a cloudburst is not yet a broken gauge
EXACT, ROUGH = 0.03, 0.25
ON_GRID, OFF_GRID, NEAR_STEP, FEW_VALUES = 0.9, 0.6, 0.02, 50


def converted(case: Case) -> Iterator[Evidence]:
    """A moved number that is quiet again once a known conversion is undone.

    A storm can look like another unit by chance. So the values must lie on the old unit's steps (an instrument has a
    resolution) only after the conversion is undone; or the quantiles of both sides must lie on a straight line with
    the conversion's slope; or the step must be a large one, roughly along such a line, that the other columns, as far
    as they foretell this one, do not explain.
    """
    for column in case.moved_numbers:
        far = case.strength(column, case.reference, case.current)
        quiet = sorted(_undone(case, column, far))
        if not quiet:
            continue
        exact = any(_fits(case, column, u.name, EXACT, 0.995) for u in quiet)
        rough = far >= FAR and any(_fits(case, column, u.name, ROUGH, 0.9) for u in quiet)
        if quiet[0].grid or exact or (rough and _unexplained(case, column)):
            weight = 0.9 if quiet[0].grid else 0.7
            yield Evidence("data fault", "unit", weight, _sentence(column, far, quiet), column)


def swapped(case: Case) -> Iterator[Evidence]:
    """Two moved numbers that are both quiet once they change places, and nothing else moved half as far."""
    strengths = {c: case.strength(c, case.reference, case.current) for c in case.moved}
    for one, other in combinations(case.moved_numbers, 2):
        far = min(strengths[one], strengths[other])
        rest = max((s for c, s in strengths.items() if c not in (one, other)), default=0.0)
        if far < 2.0 or rest > far / 2:
            continue
        back = max(case.would_be(one, case.current[other]), case.would_be(other, case.current[one]))
        if back < QUIET:
            sentence = f"{one} and {other} each look like the other: exchanged, both are as before"
            yield Evidence("data fault", "swapped", 0.95, sentence, one)


def outside(case: Case) -> Iterator[Evidence]:
    """Values far outside of all that was ever seen, and far from the day's other values too: codes, spikes, signs."""
    for column in case.numbers:
        before, after = case.reference[column].dropna(), case.current[column].dropna()
        if after.empty or before.empty:
            continue
        width = max(float(before.max() - before.min()), 1e-9)
        far = (after < before.min() - FAR_OUT * width) | (after > before.max() + FAR_OUT * width)
        if far.any() and _apart(after[far], after[~far], width):
            yield from _strange(column, before, after[far], len(after))
        elif _mirrored(before, after):
            sentence = f"{column} is negative in {(after < 0).mean():.0%} of the rows; it never was"
            yield Evidence("data fault", "negative", 0.8, sentence, column)


def _apart(far: "pandas.Series[Any]", rest: "pandas.Series[Any]", width: float) -> bool:
    """Whether a gap lies between the strange values and the others; a heat wave has none."""
    if rest.empty:
        return False
    over, under = far[far > rest.max()], far[far < rest.min()]
    gaps = [side for side in (over.min() - rest.max(), rest.min() - under.max()) if side == side]
    return bool(gaps) and min(gaps) > width / 4


def _strange(column: str, before: "pandas.Series[Any]", far: "pandas.Series[Any]", rows: int) -> Iterator[Evidence]:
    share = len(far) / rows
    if far.nunique() == 1 and len(far) >= 3 and float(far.iloc[0]).is_integer():
        sentence = f"{column} is {far.iloc[0]:g} in {share:.0%} of the rows; before it lay in {_range(before)}"
        yield Evidence("data fault", "sentinel", 0.9, sentence, column)
    elif not _heavy(before):
        sentence = f"{column} lies far outside of {_range(before)} in {share:.1%} of the rows, and nothing lies between"
        yield Evidence("data fault", "outside", 0.7, sentence, column)


def _heavy(before: "pandas.Series[Any]") -> bool:
    """Whether single values far from all others are usual, as with rain."""
    low, high = before.quantile(0.01), before.quantile(0.99)
    return bool(before.max() - high > (high - low) / 2 or low - before.min() > (high - low) / 2)


def _mirrored(before: "pandas.Series[Any]", after: "pandas.Series[Any]") -> bool:
    """Whether a number that never was negative is, and not merely on a colder day.

    Either it is as far from zero as it usually was, or there is nothing around zero, where it never was either.
    """
    negative = after[after < 0]
    if before.min() < 0 or len(negative) <= 0.02 * len(after):
        return False
    least, usual = float(before.min()), float(before.median())
    hollow = least > 0.05 * usual and not ((after.abs() < least / 2) | (after.abs() == 0)).any()
    return hollow or bool(negative.abs().median() >= max(float(before.quantile(0.25)), 1e-9))


@dataclass(frozen=True, order=True)
class Undone:
    """A conversion and how far the column is from its reference once it is undone; the likeliest sorts first."""

    off_grid: bool
    strength: float
    name: str

    @property
    def grid(self) -> bool:
        return not self.off_grid


def _undone(case: Case, column: str, far: float) -> Iterator[Undone]:
    """The conversions that make the column quiet once they are undone."""
    for name, (added, factor) in CONVERSIONS.items():
        values = case.current[column] / factor - added
        strength = case.would_be(column, values)
        if strength < QUIET and far >= GAIN * strength:
            yield Undone(not _grid(case, column, values), strength, name)


def _unexplained(case: Case, column: str) -> bool:
    ratio = joint.surprise(case, column)
    return ratio is None or ratio >= joint.FAR


def _fits(case: Case, column: str, name: str, within: float, straight: float) -> bool:
    """Whether the line through the quantiles of both sides has the conversion's slope and start, and is one."""
    import numpy

    shares = numpy.linspace(0.05, 0.95, 37)
    before, after = (side[column].dropna().quantile(shares).to_numpy() for side in (case.reference, case.current))
    if numpy.ptp(before) <= 0 or numpy.ptp(after) <= 0:
        return False
    slope, start = numpy.polyfit(before, after, 1)
    added, factor = CONVERSIONS[name]
    off = abs(start - added * factor) / float(numpy.ptp(after))
    fit = numpy.corrcoef(before, after)[0, 1] ** 2
    return bool(fit > straight and abs(slope / factor - 1) < within and off < 2 * within)


def _grid(case: Case, column: str, undone: "pandas.Series[Any]") -> bool:
    """Whether the values are the reference's, or lie on its steps, only after the conversion is undone."""
    import numpy

    known = numpy.unique(case.reference[column].dropna().to_numpy(dtype=float).round(6))
    steps = numpy.diff(known)
    if len(steps) < 2:
        return False
    sides = (case.reference[column], case.current[column], undone)
    if len(known) <= FEW_VALUES:
        usual, now, then = (float(side.dropna().round(2).isin(known.round(2)).mean()) for side in sides)
    else:
        usual, now, then = (_on_steps(side, known[0], float(steps.min())) for side in sides)
    return usual > ON_GRID and now < OFF_GRID and then > ON_GRID


def _on_steps(values: "pandas.Series[Any]", start: float, step: float) -> float:
    """The share of the values that lie a whole number of steps from the start."""
    import numpy

    places = (values.dropna().to_numpy(dtype=float) - start) / step
    return float((numpy.abs(places - numpy.round(places)) < NEAR_STEP).mean()) if len(places) else 0.0


def _sentence(column: str, far: float, quiet: Sequence[Undone]) -> str:
    names = " or ".join(u.name for u in quiet[:2] if u.grid == quiet[0].grid)
    steps = "; only then do its values lie on the steps that they always had" if quiet[0].grid else ""
    near = f"{quiet[0].strength:.1f} times once it is undone that {names}"
    return f"{column} is {far:.1f} times its threshold away, and {near}{steps}"


def _range(values: "pandas.Series[Any]") -> str:
    return f"{values.min():g} to {values.max():g}"
