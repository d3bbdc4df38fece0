"""Evidently's two-sample methods on counts instead of rows: the same arithmetic, the same score, without the rows.

Every score depends on the two samples alone through how often each value is there. A test holds each of these
functions against a real Evidently report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]
    Distance = Callable[[Array, Array, Array, bool], float]

FEW_VALUES = 20
SMALLEST_STD = 0.001
MOST_CATEGORIES = 500


def distance(method: str, values: Array, reference: Array, current: Array, numerical: bool) -> float:
    """The score of ``method``: ``reference`` and ``current`` say how often each of the sorted ``values`` is there.

    NaN when either side is empty.
    """
    import numpy as np

    if not reference.sum() or not current.sum():
        return float("nan")
    present = (reference > 0) | (current > 0)
    values, reference, current = values[present], reference[present], current[present]
    if not numerical:
        values, reference, current = lumped(values, reference, current)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(_METHODS[method](values, reference, current, numerical))


def lumped(values: Array, reference: Array, current: Array) -> tuple[Array, Array, Array]:
    """The most frequent categories as they are, all others as one."""
    import numpy as np

    if len(values) <= MOST_CATEGORIES:
        return values, reference, current
    order = np.lexsort((np.arange(len(values)), -(reference + current)))
    kept, others = np.sort(order[:MOST_CATEGORIES]), order[MOST_CATEGORIES:]
    both = (np.append(side[kept], side[others].sum()) for side in (reference, current))
    return (np.append(values[kept], "(all others)"), *both)  # type: ignore[return-value]


def wasserstein(values: Array, reference: Array, current: Array, numerical: bool) -> float:
    """The mean distance of the sorted values, in standard deviations of the reference."""
    import numpy as np

    gap = _gap(reference, current)
    return float(np.abs(gap) @ np.diff(values)) / max(_std(values, reference), SMALLEST_STD)


def energy(values: Array, reference: Array, current: Array, numerical: bool) -> float:
    """The root of twice the area between the squared distribution functions."""
    import numpy as np

    return float(np.sqrt(2 * (_gap(reference, current) ** 2 @ np.diff(values))))


def jensenshannon(values: Array, reference: Array, current: Array, numerical: bool) -> float:
    """The root of the mean divergence of both from their middle."""
    import numpy as np

    p, q = _binned(values, reference, current, numerical)
    p, q = p / p.sum(), q / q.sum()
    middle = (p + q) / 2
    return float(np.sqrt(max(_divergence(p, middle) + _divergence(q, middle), 0.0) / 2))


def psi(values: Array, reference: Array, current: Array, numerical: bool) -> float:
    """The population stability index."""
    import numpy as np

    p, q = map(_filled, _binned(values, reference, current, numerical))
    return float(((p - q) * np.log(p / q)).sum())


def kl_div(values: Array, reference: Array, current: Array, numerical: bool) -> float:
    """The divergence of the reference from the current rows."""
    p, q = map(_filled, _binned(values, reference, current, numerical))
    return _divergence(p / p.sum(), q / q.sum())


def hellinger(values: Array, reference: Array, current: Array, numerical: bool) -> float:
    """The Hellinger distance, of numbers over Sturges' bins of the distinct values."""
    import numpy as np

    if not numerical:
        common = np.sqrt(reference / reference.sum() * (current / current.sum())).sum()
        return float(np.sqrt(1 - min(max(float(common), 0.0), 1.0)))
    bins = np.histogram_bin_edges(values, bins="sturges")
    p, q = (np.histogram(values, bins=bins, weights=side, density=True)[0] for side in (reference, current))
    common = np.sqrt(p * q).sum() * (bins.max() - bins.min()) / (len(bins) - 1)
    return float(np.sqrt(1 - min(max(float(common), 0.0), 1.0)))


def chi2_two_sample(values: Array, reference: Array, current: Array, numerical: bool) -> float:
    """The p-value of the chi-square test of both samples."""
    import numpy as np
    from scipy.stats import chi2_contingency  # type: ignore[import-untyped]

    return float(chi2_contingency(np.vstack([reference, current])).pvalue) if len(values) > 1 else 1.0


def ks(values: Array, reference: Array, current: Array, numerical: bool) -> float:
    """The p-value of the Kolmogorov-Smirnov test."""
    from scipy.stats import ks_2samp

    return float(ks_2samp(_rows(values, reference), _rows(values, current))[1])


def cramer_von_mises(values: Array, reference: Array, current: Array, numerical: bool) -> float:
    """The p-value of the Cramér-von Mises test."""
    from scipy.stats import cramervonmises_2samp

    return float(cramervonmises_2samp(_rows(values, reference), _rows(values, current)).pvalue)


def t_test(values: Array, reference: Array, current: Array, numerical: bool) -> float:
    """The p-value of Student's test."""
    from scipy.stats import ttest_ind

    return float(ttest_ind(_rows(values, reference), _rows(values, current))[1])


_METHODS: Mapping[str, Distance] = {
    "wasserstein": wasserstein,
    "ed": energy,
    "psi": psi,
    "jensenshannon": jensenshannon,
    "hellinger": hellinger,
    "kl_div": kl_div,
    "ks": ks,
    "cramer_von_mises": cramer_von_mises,
    "t_test": t_test,
    "chi2_two_sample": chi2_two_sample,
}


def _gap(reference: Array, current: Array) -> Array:
    import numpy as np

    gap: Array = (np.cumsum(reference) / reference.sum() - np.cumsum(current) / current.sum())[:-1]
    return gap


def _std(values: Array, counts: Array) -> float:
    import numpy as np

    middle = values @ counts / counts.sum()
    return float(np.sqrt((values - middle) ** 2 @ counts / counts.sum()))


def _divergence(p: Array, q: Array) -> float:
    import numpy as np

    return float(np.where(p > 0, p * np.log(p / q), 0.0).sum())


def _binned(values: Array, reference: Array, current: Array, numerical: bool) -> tuple[Array, Array]:
    """Shares of each value; of numbers with more than 20 values in the reference, of Sturges' bins over both."""
    import numpy as np

    if numerical and (reference > 0).sum() > FEW_VALUES:
        bins = _sturges(values, reference.sum() + current.sum())
        reference, current = (np.histogram(values, bins=bins, weights=side)[0] for side in (reference, current))
    return reference / reference.sum(), current / current.sum()


def _sturges(values: Array, rows: float) -> Array:
    import numpy as np

    width = (values[-1] - values[0]) / (np.log2(rows) + 1.0)
    count = int(np.ceil((values[-1] - values[0]) / width)) if width else 1
    return np.histogram_bin_edges(values, bins=count)


def _filled(shares: Array) -> Array:
    """Shares without zeros, as Evidently fills them."""
    import numpy as np

    least = float(shares[shares > 0].min())
    return np.where(shares == 0, least / 10**6 if least <= 0.0001 else 0.0001, shares)


def _rows(values: Array, counts: Array) -> Array:
    import numpy as np

    return np.repeat(values, counts.astype("int64"))
