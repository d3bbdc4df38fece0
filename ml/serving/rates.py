"""How often a caller may ask: a bucket that fills at a steady rate, for each caller and pipeline."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable

from ml.serving.refusals import Refused


class Rates:
    """Token buckets (Turner 1986): each holds two seconds' worth of requests and starts full."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._buckets: dict[Hashable, tuple[float, float]] = {}

    def take(self, whose: Hashable, rate: float | None) -> None:
        """Count one request against ``rate``, requests a second; None counts nothing.

        Raises
        ------
        Refused
            The bucket is empty (429); ``Retry-After`` says when it is not.
        """
        if rate is None:
            return
        now, most = self.clock(), max(1.0, 2 * rate)
        left, since = self._buckets.get(whose, (most, now))
        left = min(most, left + (now - since) * rate)
        if left < 1:
            self._buckets[whose] = left, now
            wait = math.ceil((1 - left) / rate)
            raise Refused(
                429, f"more than {rate:g} requests a second; ask again later", headers={"Retry-After": str(wait)}
            )
        self._buckets[whose] = left - 1, now
