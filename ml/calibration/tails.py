"""The tail of one score over quiet nights: how rare is a score, and which score is so rare.

Peaks over threshold: what lies above a high quantile is a generalised Pareto variable whatever the body looks like
(Balkema and de Haan 1974, Pickands 1975), fitted by probability-weighted moments, which need few points and no search
(Hosking and Wallis 1987, https://doi.org/10.1080/00401706.1987.10488243). Distances are taken by their
logarithm, bounded ones by their log-odds, so that a threshold is always a score that can be reached; shares that are
mostly zero by the angle of their root, and counts of evidence as they are.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import asin, exp, inf, isnan, log, pi, sin, sqrt
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np

SHARE = 0.1
FEWEST = 10
SHAPES = (-0.25, 0.35)
# what a tail is taken for before anything was seen: two nights with excesses of the scale's prior, ten with shape 0
PRIOR_NIGHTS, PRIOR_SHAPE_NIGHTS = 2.0, 10.0
SMALLEST = 1e-300
TIED = 1e-9


@dataclass(frozen=True)
class Scale:
    """How a score is laid out before its tail is fitted.

    ``drift`` says where drift lies (``below`` for p-values), ``limit`` what the score never reaches. What lies under
    ``floor`` counts as ``floor``: so small a score says nothing. ``by`` is ``itself`` for a score that already counts
    evidence, as hours do in which nothing moved: its chance falls by a factor with each of them; ``root`` for a share
    that is mostly zero, of which a logarithm would make a tail without end. ``prior`` is the mean excess that a tail
    has before anything was seen.
    """

    drift: Literal["above", "below"] = "above"
    limit: float = inf
    floor: float = 1e-4
    by: Literal["logarithm", "root", "itself"] = "logarithm"
    prior: float = 0.5

    def spread(self, score: float) -> float:
        """The score on a scale without ends; the further up, the more drift. NaN stays NaN."""
        size = -log(min(max(score, SMALLEST), 1.0)) if self.drift == "below" else score
        if isnan(size):
            return size
        size = max(size, self.floor)
        if self.by == "itself":
            return size
        if self.by == "root":
            return asin(sqrt(min(size / self.limit, 1.0)))
        if self.limit == inf or self.drift == "below":
            return log(size)
        return log(size / max(self.limit - size, self.floor * self.limit))

    def score(self, spread: float) -> float:
        """The score that lies at ``spread``."""
        if self.by == "itself":
            return spread
        if self.by == "root":
            return self.limit * sin(min(spread, pi / 2)) ** 2
        if self.drift == "below":
            return exp(-exp(min(spread, log(-log(SMALLEST)))))
        if self.limit == inf:
            return exp(spread)
        return self.limit / (1 + exp(-spread))


@dataclass(frozen=True)
class Tail:
    """A fitted tail: ``share`` of the nights pass ``start``, by excesses of ``size`` and ``shape``.

    ``nights`` is how many scores there were, ``beyond`` how many of them made the fit; ``middle`` is their median.
    """

    start: float
    size: float
    shape: float
    share: float
    nights: int
    beyond: int

    def p_value(self, spread: float) -> float:
        """How often a quiet night passes ``spread``; at most ``share``, which is what a body is not asked for."""
        excess = spread - self.start
        if isnan(spread) or excess <= 0:
            return 1.0
        if abs(self.shape) < 1e-9:
            return self.share * exp(-excess / self.size)
        inside = 1 + self.shape * excess / self.size
        return float(self.share * inside ** (-1 / self.shape)) if inside > 0 else 0.0

    def at(self, p_value: float) -> float:
        """The spread that quiet nights pass with this probability; never below ``start``."""
        if p_value >= self.share:
            return self.start
        if abs(self.shape) < 1e-9:
            return self.start + self.size * log(self.share / p_value)
        return float(self.start + self.size / self.shape * ((self.share / p_value) ** self.shape - 1))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def fit(spread: np.ndarray[Any, Any], prior: float = 0.5, share: float = SHARE) -> Tail:
    """The upper tail of scores that were laid out by a ``Scale``; NaN nights do not count.

    Where most nights are tied at the bottom (no new category ever, no missing value), only what lies above it makes
    the tail, and where that is little the fit leans on ``prior``, the mean excess of a tail of which nothing is known.
    """
    import numpy as np

    seen = np.sort(spread[~np.isnan(spread)])
    if not seen.size:
        return Tail(0.0, prior, 0.0, 1.0, 0, 0)
    beyond = min(max(round(share * seen.size), FEWEST), seen.size - 1)
    start = float(seen[seen.size - beyond - 1])
    excess = seen[seen > start] - start
    size, shape = _moments(excess, prior)
    return Tail(start, size, shape, max(excess.size, 0.5) / seen.size, int(seen.size), int(excess.size))


def _moments(excess: np.ndarray[Any, Any], prior: float) -> tuple[float, float]:
    """Size and shape of a generalised Pareto variable from its sorted sample, drawn towards an exponential one."""
    count = excess.size
    mean = (float(excess.sum()) + PRIOR_NIGHTS * prior) / (count + PRIOR_NIGHTS)
    if count < 5:
        return mean, 0.0
    first = float(excess.mean())
    weighted = sum(value * rank for rank, value in enumerate(excess)) / (count * (count - 1))
    second = 2 * float(weighted) - first
    if second <= TIED * first:
        return mean, 0.0
    shape = (2 - first / second) * count / (count + PRIOR_SHAPE_NIGHTS)
    shape = min(max(shape, SHAPES[0]), SHAPES[1])
    return mean * (1 - shape), shape
