"""Figures as a person would write them."""

from __future__ import annotations

from math import ceil, floor, log10

_ROOM = 0.25
_NEAR_ZERO = 0.05
_OFTEN = 0.002


def bounds(low: float, high: float, at_low: float = 0.0, at_high: float = 0.0) -> tuple[float, float]:
    """Round bounds around what was seen, with a quarter of its span to spare on either side.

    ``at_low`` and ``at_high`` are the shares of values at the very ends: where more than two in a thousand are, the end
    is a bound of its own (an instrument that says 10 for all beyond), and stays.

    >>> bounds(10.94, 100.04)
    (-20, 130)
    >>> bounds(0.25, 10, at_high=0.8)
    (0, 10)
    """
    span = (high - low) or abs(high) or 1.0
    step = _step(span)
    floor_ = low if at_low > _OFTEN else floor((low - _ROOM * span) / step) * step
    ceiling = high if at_high > _OFTEN else ceil((high + _ROOM * span) / step) * step
    if low == high:
        return _plain(floor_), _plain(ceiling)
    if floor_ < 0 <= low and low <= _NEAR_ZERO * span:
        floor_ = 0
    if ceiling > 0 >= high and -high <= _NEAR_ZERO * span:
        ceiling = 0
    return _plain(floor_), _plain(ceiling)


def above(value: float) -> float:
    """A round figure at or above a positive one: its first digits and zeros.

    >>> [above(x) for x in (0.43, 7, 12, 61)]
    [0.43, 7, 15, 65]
    """
    step = 10 ** floor(log10(value)) / (2 if value >= 10 or value < 1 else 1)
    if value < 1:
        step /= 5
    return _plain(ceil(round(value / step, 6)) * step)


def below(value: float) -> int:
    """A round whole number at or below a positive one: one digit and a half, and zeros.

    >>> [below(x) for x in (7, 48, 634, 1234)]
    [7, 45, 600, 1000]
    """
    step = max(1.0, 10 ** floor(log10(max(value, 1))) / 2)
    return int(floor(value / step) * step)


def share(worst: float) -> float:
    """A limit for a share, in steps of a twentieth: half as much again as the worst, and a little.

    >>> [share(x) for x in (0.0, 0.016, 0.31, 0.9)]
    [0.05, 0.05, 0.5, 1.0]
    """
    return min(1.0, round(ceil((1.5 * worst + 0.02) * 20 - 1e-9) / 20, 2))


def _step(span: float) -> float:
    exponent = 10 ** floor(log10(span))
    return float(exponent if span / exponent >= 5 else exponent / 2)


def _plain(value: float) -> float:
    rounded = round(value, 10)
    return int(rounded) if rounded == int(rounded) else rounded
