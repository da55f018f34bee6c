"""How far single leaves of counts are from their forecast, told by the table itself.

Real counts are not Poisson: they come in bursts, and a forecast has an error of its own. Over many kinds of counts the
variance follows a power of the mean (Taylor 1961): phi * mean^p, with p between 1 (bursts) and 2 (relative error).
"""

from __future__ import annotations

import numpy as np

from metricloop.attribute.leaves import Floats

_ENOUGH = 64  # leaves; fewer cannot tell, and count as Poisson
_PER_CLASS = 32  # leaves at least in a class of equal size
_CLASSES = 16  # at most
_TAIL = 0.98  # a class's largest deviations count as this quantile of them: causes must not widen the noise


def leaf_variance(actual: Floats, expected: Floats, unit: float) -> Floats:
    """Variance [L] of each leaf about its expectation, in the square of the values' own unit.

    `unit`: the value of one event. Never tells less than Poisson, unit * expected. A common factor of all leaves is
    taken out first; causes are not, but weigh little (medians, a capped tail). Values are amounts: none is negative.
    """
    poisson = unit * expected
    known = expected >= unit
    if int(known.sum()) < _ENOUGH:
        return poisson
    seen, mean = actual[known] / unit, expected[known] / unit
    factor = _common_factor(seen, mean)
    excess = (seen - factor * mean) ** 2 / (max(factor, 0.05) * mean)
    size, spread = _classes(mean, excess)
    slope = float(np.cov(size, spread)[0, 1] / max(float(np.var(size, ddof=1)), 1e-9))
    slope = min(max(slope, 0.0), 1.0)
    level = float(np.median(spread - slope * size))
    beyond = np.exp(level + slope * np.log(np.maximum(expected / unit, 1e-12)))
    return np.asarray(poisson * np.maximum(beyond, 1.0), dtype=np.float64)


def _common_factor(seen: Floats, mean: Floats) -> float:
    """Median of actual over expected among the larger half of the leaves, weighted by the root of their size."""
    large = mean >= float(np.median(mean))
    ratio, weight = seen[large] / mean[large], np.sqrt(mean[large])
    order = np.argsort(ratio, kind="stable")
    whole = np.cumsum(weight[order])
    return float(ratio[order][int(np.searchsorted(whole, whole[-1] / 2))])


def _classes(mean: Floats, excess: Floats) -> tuple[Floats, Floats]:
    """Per class of leaves of like size: log of their mean, and log of their variance in parts of Poisson's."""
    count = max(2, min(_CLASSES, len(mean) // _PER_CLASS))
    parts = np.array_split(np.argsort(mean, kind="stable"), count)
    size = [float(mean[part].mean()) for part in parts]
    capped = [float(np.minimum(excess[part], np.quantile(excess[part], _TAIL)).mean()) for part in parts]
    return np.log(size), np.log(np.maximum(capped, 1e-6))
