"""From a leaf table to evidence: the leaves' noise, and how far slices stray when nothing is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metricloop.attribute.gain import Evidence, Noise, log_effects
from metricloop.attribute.leaf_noise import leaf_variance
from metricloop.attribute.leaves import Cuboid, Floats, LeafTable, PastErrors, add_by
from metricloop.attribute.shrink import pooled_rates

_CAP = 9.0  # squared z at which a past error stops counting more: past incidents must not widen the noise
_PRIOR_BUCKETS = 8.0  # a slice's own stray effect weighs as much as its cuboid's after this many buckets
_LEAST_RELATIVE = 0.005  # no forecast of a business value is better than half a percent
_ENOUGH = 20  # slices, before a cuboid tells for itself
_HALF = 0.4549  # median of chi-square with one degree of freedom


@dataclass(frozen=True, slots=True)
class Stray:
    """tau^2 per slice of each cuboid: the variance of a healthy slice's own effect on the log scale."""

    per_cuboid: tuple[Floats, ...]
    from_past: bool


def evidence_of(table: LeafTable) -> Evidence:
    """Evidence about the numerators at the present volumes (a ratio's rate), or about a sum's values."""
    if table.actual_den is None or table.expected_den is None:
        return amounts(table.actual, table.expected, table.past)
    trials = table.actual_den
    rate0 = _rates(table.expected, table.expected_den)
    if not (_is_share(table.actual, trials) and _is_share(table.expected, table.expected_den)):
        return _continuous(table.actual, trials * rate0)
    if table.past is None:
        # A leaf of five orders that were all on time does not promise 100 %: hold it to its dimensions' values.
        codes = [column.astype(np.int64) for column in table.codes.T]
        rate0 = pooled_rates(table.expected, table.expected_den, codes)
    return Evidence(Noise.SHARE, np.stack([table.actual, trials * rate0, trials]))


def amounts(actual: Floats, expected: Floats, past: PastErrors | None) -> Evidence:
    """Evidence about non-negative amounts: counts where the values are multiples of one unit, else continuous."""
    unit = _count_unit(actual)
    if unit is None or (expected < 0).any():
        return _continuous(actual, expected)
    if past is not None:
        return Evidence(Noise.COUNT, np.stack([actual, expected, np.zeros_like(actual)]), max(unit, _past_unit(past)))
    beyond = np.maximum(leaf_variance(actual, expected, unit) - unit * expected, 0.0)
    return Evidence(Noise.COUNT, np.stack([actual, expected, beyond]), unit)


def _rates(num: Floats, den: Floats) -> Floats:
    """Expected rate of each leaf; one without expected volume is expected at the total's rate."""
    total = float(num.sum()) / max(float(den.sum()), 1e-300)
    return np.asarray(np.divide(num, den, out=np.full_like(num, total), where=den > 0), dtype=np.float64)


def _is_share(num: Floats, den: Floats) -> bool:
    return bool((num >= 0).all() and (num <= den * (1 + 1e-9)).all())


def _count_unit(values: Floats) -> float | None:
    """The smallest positive value if all others are multiples of it: counts, in whatever unit they are kept."""
    positive = values[values > 0]
    if (values < 0).any() or not len(positive):
        return None
    unit = float(positive.min())
    if float(positive.max()) > 1e12 * unit:
        return None
    steps = positive / unit
    whole = bool((np.abs(steps - np.round(steps)) < 1e-6 * steps).all())
    return unit if whole and (steps.max() > 1.5 or len(positive) < len(values)) else None


def _past_unit(past: PastErrors) -> float:
    square, fitted = past.residual**2, np.maximum(past.variance, 1e-12)
    return float(np.minimum(square, _CAP * fitted).sum() / fitted.sum())


def _continuous(actual: Floats, expected: Floats) -> Evidence:
    """Relative deviations weighted by their inverse variance a / f + b, fitted robustly to the table itself."""
    largest = np.maximum(np.abs(actual), np.abs(expected))
    known = largest > 0
    x = np.clip(np.divide(actual - expected, largest, out=np.zeros_like(actual), where=known), -1, 1)
    if not known.any():
        return Evidence(Noise.CONTINUOUS, np.zeros((3, len(x))))
    level = np.maximum(largest, 1e-300)
    variance = _relative_variance(x[known], level[known])
    weight = np.zeros_like(x)
    weight[known] = 1 / variance
    return Evidence(Noise.CONTINUOUS, np.stack([weight * x, weight, expected]))


def _relative_variance(x: Floats, level: Floats) -> Floats:
    """a / level + b per leaf, by least squares on the squared median deviations of up to 16 size classes."""
    centre = float(np.median(x))
    classes = max(1, min(16, len(x) // 32))
    edges = np.array_split(np.argsort(level, kind="stable"), classes)
    inverse = np.array([float(np.mean(1 / level[part])) for part in edges])
    square = np.array([float(np.median(np.abs(x[part] - centre))) ** 2 / _HALF for part in edges])
    a = max(float(np.cov(inverse, square)[0, 1] / max(float(np.var(inverse)), 1e-300)), 0.0) if classes > 2 else 0.0
    b = float(np.median(square - a * inverse))
    if b < 0:
        a, b = float(np.median(square / inverse)), 0.0
    return np.maximum(a / level + b, _LEAST_RELATIVE**2)


def stray_of(table: LeafTable, evidence: Evidence, found: Sequence[Cuboid]) -> Stray:
    """Stray variance of every slice: from its past errors where the table has them, else from the table itself."""
    if table.past is not None and len(table.past.residual) > 1:
        return Stray(tuple(_from_past(table.past, evidence.unit, cuboid) for cuboid in found), from_past=True)
    if evidence.noise is Noise.CONTINUOUS:  # whose slices' own stray nobody asks for: do not add them up
        return stray_from_sums(evidence, found, [])
    return stray_from_sums(evidence, found, [add_by(evidence.columns, cuboid.element, cuboid.size) for cuboid in found])


def stray_from_sums(evidence: Evidence, found: Sequence[Cuboid], sums: Sequence[Floats]) -> Stray:
    """One tau^2 per cuboid, from the scatter of the table's own slices (`sums` [3, K] each).

    A cuboid with few slices cannot tell what is usual: it takes that of all first-level slices together, but no more
    than its finer cuboids show, because a finer slice strays at least as far as the coarser one it is part of.
    """
    if evidence.noise is Noise.CONTINUOUS:
        return Stray(tuple(np.zeros(cuboid.size) for cuboid in found), from_past=False)
    scatter = [_scatter(evidence, part) for part in sums]
    first = [pair for pair, cuboid in zip(scatter, found, strict=True) if cuboid.depth == 1]
    pooled = _median_tau2(np.concatenate([z2 for z2, _ in first]), np.concatenate([v for _, v in first]))
    own = [_median_tau2(z2, variance) if len(z2) >= _ENOUGH else None for z2, variance in scatter]
    tau2 = [_bounded(cuboid, found, own, pooled) for cuboid in found]
    return Stray(tuple(np.full(cuboid.size, t) for cuboid, t in zip(found, tau2, strict=True)), from_past=False)


def _bounded(cuboid: Cuboid, found: Sequence[Cuboid], own: Sequence[float | None], pooled: float) -> float:
    finer = [t for t, c in zip(own, found, strict=True) if t is not None and set(c.dimensions) > set(cuboid.dimensions)]
    mine = own[found.index(cuboid)]
    return min([pooled if mine is None else mine, *finer])


def _from_past(past: PastErrors, unit: float, cuboid: Cuboid) -> Floats:
    residual = add_by(past.residual, cuboid.element, cuboid.size) / unit
    variance = add_by(past.variance, cuboid.element, cuboid.size) / unit
    buckets = len(residual)
    pooled = 0.0
    for _ in range(2):
        square = np.minimum(residual**2, _CAP * (variance + pooled * variance**2)) if pooled else residual**2
        excess, scale = (square - variance).sum(axis=0), (variance**2).sum(axis=0)
        pooled = max(float(excess.sum()) / max(float(scale.sum()), 1e-300), 0.0)
    own = np.divide(excess, scale, out=np.full(cuboid.size, pooled), where=scale > 1e-12)
    mixed = (np.maximum(own, 0.0) * buckets + _PRIOR_BUCKETS * pooled) / (buckets + _PRIOR_BUCKETS)
    return np.asarray(mixed + _estimation_error(variance, mixed), dtype=np.float64)


def _estimation_error(variance: Floats, tau2: Floats) -> Floats:
    """Variance of the log of a slice's own usual level, learnt from buckets that each had noise and a stray effect."""
    seen = variance.sum(axis=0)
    return np.asarray((seen + tau2 * (variance**2).sum(axis=0) + 1.0) / (seen + 1.0) ** 2, dtype=np.float64)


def _median_tau2(z2: Floats, variance: Floats) -> float:
    """The tau^2 at which the median slice is as far out as a median slice should be: robust to a few causes.

    z2 / (1 + tau2 * variance) = half, solved for each slice; the median of the answers is the answer of the median.
    """
    if len(z2) < 5:
        return 0.0
    found = min(max(float(np.median((z2 / _HALF - 1) / variance)), 0.0), 1.0)
    return found if found > 1e-6 else 0.0


def _scatter(evidence: Evidence, sums: Floats) -> tuple[Floats, Floats]:
    """Squared z about the median effect, and variance, of the slices with at least 5 of variance.

    The median, not the total's effect: causes move the total, and then every healthy slice would look far out.
    """
    effect, variance = log_effects(evidence, sums)
    big = variance >= 5
    if not big.any():
        return np.zeros(0), np.zeros(0)
    effect, variance = effect[big], variance[big]
    order = np.argsort(effect)
    middle = int(np.searchsorted(np.cumsum(variance[order]), variance.sum() / 2))
    return (effect - effect[order][min(middle, len(order) - 1)]) ** 2 * variance, variance
