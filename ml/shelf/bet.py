"""A bet that something happens too often, which may be looked at after every single trial."""

from dataclasses import dataclass
from functools import cached_property
from math import exp, log, log1p


@dataclass
class Bet:
    """How strongly what was ``seen`` speaks against a rate of at most ``limit``.

    For each of some higher rates, the likelihood of the hits under it is divided by that under the limit; the mean of
    these ratios is what a bettor has made of 1. While the true rate is at or below the limit no bettor gains on the
    average, so the chance that it ever reaches 1 / alpha is at most alpha, however often one looks (Ville 1939; Wald
    1945, doi:10.1214/aoms/1177731118; Ramdas, Grünwald, Vovk and Shafer 2023, doi:10.1214/23-STS894).
    """

    limit: float
    seen: int = 0
    hits: int = 0

    def add(self, hit: bool, trials: int = 1) -> None:
        """Count so many trials that all ended alike."""
        self.seen += trials
        self.hits += hit * trials

    @cached_property
    def _rates(self) -> tuple[float, ...]:
        """The higher rates: each twice the one before, up to a half."""
        rates: list[float] = []
        while (rate := self.limit * 2.0 ** (len(rates) + 1)) < 0.5:
            rates.append(rate)
        return (*rates, 0.5)

    @property
    def made(self) -> float:
        """What the bettor has made of 1."""
        misses = self.seen - self.hits
        gains = [
            self.hits * log(rate / self.limit) + misses * (log1p(-rate) - log1p(-self.limit)) for rate in self._rates
        ]
        return sum(exp(min(gain, 700.0)) for gain in gains) / len(gains)

    def won(self, alpha: float) -> bool:
        """Whether the rate is above the limit, with a chance of at most ``alpha`` to be wrong ever."""
        return self.hits > 0 and self.made >= 1 / alpha
