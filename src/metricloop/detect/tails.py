"""Exact tail probabilities of counts, vectorised, in numpy alone.

Two laws cover everything a business count or rate needs, each with its textbook special case:

* bounded: `trials` draws with success rate `rate`: binomial, or beta-binomial where `spread` > 0.
  `spread` is 1 / (alpha + beta) of the beta law (the intra-class correlation is spread / (1 + spread)).
* unbounded: a count of mean `mean`: Poisson, or negative binomial where `spread` > 0.
  `spread` is 1 / size, so that the variance is mean + spread * mean^2.

A tail is the probability of the observed count plus that of everything further out: the terms are summed outwards
from the observation (they fall, so nothing cancels), in logarithms, hence right down to 1e-300 and below. Up to
`EXACT_TERMS` terms at each end are summed one by one; what lies between is integrated by the double exponential rule
of Takahasi and Mori with Euler and Maclaurin's end correction (relative error below 1e-4 where tested). log-gamma is
Stirling's series after shifting the argument up.

Does not do: two-sided p-values, continuous laws, under-dispersed counts, non-integer observations (they are rounded
towards the mean's far side: down for the lower tail, up for the upper).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from metricloop.kernel.series import Flags, Floats

LogMass = Callable[[Floats], Floats]

EXACT_TERMS = 128
_SMALL_SPREAD = 1e-12
_STIRLING = (1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0)
_SHIFT = 9
_TIME = np.linspace(-2.7, 2.7, 257)
_NODES = 1.0 / (1.0 + np.exp(-np.pi * np.sinh(_TIME)))
_WEIGHTS = np.pi * np.cosh(_TIME) * _NODES * (1.0 - _NODES) * (_TIME[1] - _TIME[0])


def _stirling_rest(x: Floats) -> Floats:
    """What Stirling's formula leaves out of log-gamma at x >= 9 (absolute error below 1e-13)."""
    inverse = 1.0 / x
    square = inverse * inverse
    total = np.zeros_like(x)
    for factor in reversed(_STIRLING):
        total = total * square + factor
    return total * inverse


def log_gamma(x: Floats) -> Floats:
    """Natural logarithm of gamma(x) for x > 0, element by element."""
    return _log_rising(np.ones_like(x), np.asarray(x, dtype=np.float64) - 1.0)


def _log_rising(start: Floats, steps: Floats) -> Floats:
    """log(gamma(start + steps) / gamma(start)) without subtracting two large numbers; start > 0, start + steps > 0."""
    low = start + _SHIFT
    high = low + steps
    correction = np.ones_like(high)
    for offset in range(_SHIFT):
        correction = correction * ((start + offset) / (start + steps + offset))
    main = (low - 0.5) * np.log1p(steps / low) + steps * (np.log(high) - 1.0)
    return main + _stirling_rest(high) - _stirling_rest(low) + np.log(correction)


def log_mass_bounded(count: Floats, trials: Floats, rate: Floats, spread: Floats) -> Floats:
    """log P(count) of the binomial (spread 0) or beta-binomial law, 0 <= count <= trials, 0 < rate < 1."""
    rest = trials - count
    choose = _log_rising(np.ones_like(count), trials) - log_gamma(count + 1.0) - log_gamma(rest + 1.0)
    plain = spread <= _SMALL_SPREAD
    binomial = count * np.log(rate) + rest * np.log1p(-rate)
    if bool(np.all(plain)):
        return np.asarray(choose + binomial)
    size = 1.0 / np.where(plain, 1.0, spread)
    mixed = _log_rising(rate * size, count) + _log_rising((1.0 - rate) * size, rest) - _log_rising(size, count + rest)
    return np.asarray(choose + np.where(plain, binomial, mixed))


def log_mass_unbounded(count: Floats, mean: Floats, spread: Floats) -> Floats:
    """log P(count) of the Poisson (spread 0) or negative binomial law, count >= 0, mean > 0."""
    plain = spread <= _SMALL_SPREAD
    poisson = count * np.log(mean) - mean
    if bool(np.all(plain)):
        return np.asarray(poisson - log_gamma(count + 1.0))
    safe = np.where(plain, 1.0, spread)
    odds = mean * safe
    mixed = _log_rising(1.0 / safe, count) - np.log1p(odds) / safe + count * (np.log(odds) - np.log1p(odds))
    return np.asarray(np.where(plain, poisson, mixed) - log_gamma(count + 1.0))


def _sum_outwards(log_mass: LogMass, start: Floats, length: Floats, sign: float) -> Floats:
    """log of the sum of mass(start + sign * j) for j = 0 .. length, per row; -inf where length < 0."""
    terms = int(min(2 * EXACT_TERMS, max(0.0, float(np.max(length, initial=0.0))))) + 1
    steps = np.arange(terms, dtype=np.float64)[None, :]
    far = length > 2 * EXACT_TERMS
    # A long sum is taken one by one at both ends (an over-dispersed law may peak at the far one), integrated between.
    steps = np.where(far[:, None] & (steps > EXACT_TERMS), length[:, None] - (2 * EXACT_TERMS - steps), steps)
    inside = steps <= length[:, None]
    logs = np.where(inside, log_mass(start[:, None] + sign * np.where(inside, steps, 0.0)), -np.inf)
    if bool(np.any(far)):
        tail = np.where(far, _integrate_between(log_mass, start, length, sign), -np.inf)
        logs = np.concatenate([logs, tail[:, None]], axis=1)
    top = np.max(logs, axis=1)
    safe = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(safe + np.log(np.sum(np.exp(logs - safe[:, None]), axis=1)))


def _integrate_between(log_mass: LogMass, start: Floats, length: Floats, sign: float) -> Floats:
    """log of the sum of the terms EXACT_TERMS + 1 .. length - EXACT_TERMS by quadrature, finest at both ends."""
    first = float(EXACT_TERMS + 1)
    width = np.maximum(length - EXACT_TERMS - first, 0.0)
    points = first + width[:, None] * _NODES
    logs = log_mass(start[:, None] + sign * np.minimum(points, np.maximum(length, 0.0)[:, None]))
    top = np.max(logs, axis=1, keepdims=True)
    heights = np.exp(logs - top)
    area = width * (heights @ _WEIGHTS)
    ends = 0.5 * (heights[:, 0] + heights[:, -1])
    with np.errstate(divide="ignore"):
        return np.asarray(top[:, 0] + np.log(area + ends))


def _both(log_mass: LogMass, count: Floats, centre: Floats, last: Floats) -> tuple[Floats, Floats]:
    """(log P(Y <= count), log P(Y >= count)) on the support 0 .. last, by the side that is small."""
    below, above = np.floor(count), np.ceil(count)
    left = count <= centre
    start = np.clip(np.where(left, below, above), 0.0, last)
    length = np.where(left, start, last - start)
    near = np.empty_like(start)
    for side, sign in ((left, -1.0), (~left, 1.0)):
        if bool(np.any(side)):
            near[side] = _sum_outwards(_rows(log_mass, side), start[side], length[side], sign)
    near = np.minimum(near, 0.0)
    at = np.where(below == above, np.exp(log_mass(start[:, None])[:, 0]), 0.0)
    with np.errstate(divide="ignore"):
        other = np.log(np.clip(1.0 - np.exp(near) + at, 0.0, 1.0))
    lower, upper = np.where(left, near, other), np.where(left, other, near)
    lower = np.where(count < 0, -np.inf, np.where(count >= last, 0.0, lower))
    upper = np.where(count > last, -np.inf, np.where(count <= 0, 0.0, upper))
    return lower, upper


def _rows(log_mass: LogMass, rows: Flags) -> LogMass:
    """The same mass function for some rows: parameters are broadcast against whole columns, so pad and pick."""

    def picked(count: Floats) -> Floats:
        whole = np.zeros((rows.size, count.shape[1]))
        whole[rows] = count
        return log_mass(whole)[rows]

    return picked


def log_tails_bounded(count: Floats, trials: Floats, rate: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """(log P(Y <= count), log P(Y >= count)) of a binomial / beta-binomial; 1-d arrays of one shape.

    rate is clipped to (1e-300, 1 - 1e-16); trials 0 gives certainty (both tails 1).
    """
    count, trials, rate, spread = (np.asarray(x, dtype=np.float64) for x in (count, trials, rate, spread))
    rate = np.clip(rate, 1e-300, 1.0 - 1.2e-16)

    def log_mass(k: Floats) -> Floats:
        return log_mass_bounded(np.minimum(k, trials[:, None]), trials[:, None], rate[:, None], spread[:, None])

    return _both(log_mass, count, trials * rate, trials)


def log_tails_unbounded(count: Floats, mean: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """(log P(Y <= count), log P(Y >= count)) of a Poisson / negative binomial; 1-d arrays of one shape."""
    count, mean, spread = (np.asarray(x, dtype=np.float64) for x in (count, mean, spread))
    mean = np.maximum(mean, 1e-300)

    def log_mass(k: Floats) -> Floats:
        return log_mass_unbounded(k, mean[:, None], spread[:, None])

    return _both(log_mass, count, mean, support_end(count, mean, spread))


def support_end(count: Floats, mean: Floats, spread: Floats) -> Floats:
    """A count beyond which an unbounded law adds less than 1e-15 of the tail that starts at `count` or at the mean."""
    deviation = np.sqrt(mean + spread * mean * mean)
    return np.asarray(np.ceil(np.maximum(count, mean) + 9.0 * deviation + 40.0 * (1.0 + spread * mean)))
