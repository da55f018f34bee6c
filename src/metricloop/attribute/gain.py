"""Likelihood-ratio gain of "this slice moved beyond the rest of the table" for every slice of a cuboid at once.

The statistic is Kulldorff's (1997) spatial scan statistic, inside against outside, over slices instead of circles, and
as a quasi-likelihood: divided by an over-dispersion 1 + tau^2 * information, tau being how far slices of that kind
usually stray from the common effect on the log scale (a random effect; McCullagh & Nelder 1989, ch. 4 and 9).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from metricloop.attribute.leaves import Floats

_SENSITIVITY = 0.2  # standard deviation of slices' answers to a common effect, relative to it


class Noise(StrEnum):
    """How leaves scatter: shares of events, counts, or continuous values with relative noise."""

    SHARE = "share"
    COUNT = "count"
    CONTINUOUS = "continuous"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the leaves say, as additive columns [3, L], so that a slice's evidence is the sum over its leaves.

    share: events, expected events, trials. count: value, expected, variance beyond that of counting.
    continuous: w * x, w, expected; with x the relative deviation (v - f) / max(v, f) in [-1, 1] and w its inverse
    variance. `unit` divides counts' gains: it is the variance of a leaf with expectation 1.
    """

    noise: Noise
    columns: Floats
    unit: float = 1.0


@dataclass(frozen=True, slots=True)
class Gains:
    """Per slice [K]: `gain` in nats (half a squared z for large numbers); `effect`, the relative change beyond the
    rest, and `own`, that against the slice's own expectation, both as (v - f) / max(v, f) in [-1, 1]; `excess`, the
    change beyond the rest in units of the evidence's values."""

    gain: Floats
    effect: Floats
    own: Floats
    excess: Floats


def gains(evidence: Evidence, inside: Floats, outside: Floats, tau2: Floats | float) -> Gains:
    """Gain of each slice, from its sums `inside` [3, K] and those of what it is compared with, `outside` [3, K]."""
    if evidence.noise is Noise.CONTINUOUS:
        return _continuous(inside, outside, tau2)
    if evidence.noise is Noise.COUNT:
        return _counts(inside, outside, tau2, evidence.unit)
    return _shares(inside, outside, tau2)


def log_effects(evidence: Evidence, sums: Floats) -> tuple[Floats, Floats]:
    """For shares and counts: effect on the log scale against the slice's own expectation, and its inverse variance."""
    seen, expected, trials = sums
    if evidence.noise is Noise.COUNT:
        fitted = np.maximum(expected, 1e-12)
        effect = np.log(np.maximum(seen, 0.5 * evidence.unit) / fitted)
        return effect, 1 / (evidence.unit / fitted + trials / fitted**2)
    rate = np.clip(expected / np.maximum(trials, 1e-12), 1e-9, 1 - 1e-9)
    now = (seen + rate) / (trials + 1.0)
    return _log_odds(now) - _log_odds(rate), trials * now * (1 - now)


def _shares(inside: Floats, outside: Floats, tau2: Floats | float) -> Gains:
    seen, expected, trials = inside
    safe = np.maximum(trials, 1e-12)
    rate = np.clip(expected / safe, 1e-9, 1 - 1e-9)
    shift = common_shift(outside)
    moved = 1 / (1 + (1 - rate) / rate * np.exp(-shift))
    fitted = trials * moved
    gain = np.maximum(_entropy(seen, fitted) + _entropy(trials - seen, trials - fitted), 0.0)
    now = (seen + moved) / (safe + 1.0)
    log_effect = _log_odds(now) - _log_odds(moved)
    variance = np.maximum(fitted * (1 - moved), 1e-9)
    relative = variance / _share_variance(outside)
    spread = relative + _dispersion(_information(gain, log_effect, variance), relative, _stirred(tau2, shift))
    effect, own = _share_effect(seen, trials, fitted), _share_effect(seen, trials, expected)
    return Gains(gain / spread, effect, own, seen - fitted)


def _share_effect(seen: Floats, trials: Floats, fitted: Floats) -> Floats:
    """Relative change of the rarer outcome, with the sign of the change of the events."""
    flip = fitted > 0.5 * trials
    low, high = np.where(flip, trials - seen, seen), np.where(flip, trials - fitted, fitted)
    return (low - high) / np.maximum(np.maximum(low, high), 1e-12) * np.where(flip, -1, 1)


def common_shift(outside: Floats) -> Floats:
    """Shift of the log odds of all that `outside` holds, half an event held back on each side; 0 where it is empty."""
    seen, expected, trials = outside
    safe = np.maximum(trials, 1e-12)
    rate = np.clip(expected / safe, 1e-9, 1 - 1e-9)
    now = (seen + rate) / (safe + 1.0)
    return np.where(trials > 1e-9, _log_odds(now) - _log_odds(rate), 0.0)


def _share_variance(outside: Floats) -> Floats:
    seen, _, trials = outside
    rate = (np.maximum(seen, 0) + 0.5) / (np.maximum(trials, 0) + 1.0)
    return np.asarray(np.maximum(np.maximum(trials, 0) * rate * (1 - rate), 1e-9), dtype=np.float64)


def _counts(inside: Floats, outside: Floats, tau2: Floats | float, unit: float) -> Gains:
    seen, expected, _ = inside
    factor = common_factor(outside)
    # Half a unit at least: one order where none was expected is no sign of anything.
    fitted = np.maximum(expected * factor, 0.5 * unit)
    base = np.maximum(expected, np.minimum(fitted, 0.5 * unit))
    around, rest = np.maximum(outside[0], 0.0), np.maximum(outside[1], 1e-12)
    alike = (seen + around) / (base + rest)
    gain = np.maximum(_entropy(seen, base * alike) + _entropy(around, rest * alike), 0.0) / unit
    log_effect = np.log(np.maximum(seen, 0.5 * unit) / fitted)
    gain = _beyond_counting(gain, log_effect, inside[2], np.maximum(expected, 0.5 * unit), unit)
    information = _information(gain, log_effect, fitted / unit)
    tau2 = _stirred(tau2, np.log(np.maximum(factor, 1e-9)))
    spread = _dispersion(information, base / rest, tau2)
    return Gains(gain / spread, _relative(seen, fitted), _relative(seen, expected), seen - fitted)


def _beyond_counting(gain: Floats, log_effect: Floats, beyond: Floats, level: Floats, unit: float) -> Floats:
    """Gain under `beyond`, the variance of a slice's leaves over that of counting: the lesser of two likelihoods.

    Bursts make a drop to nothing likely, errors on the log scale a rise to ten times; nobody knows which of them it is.
    """
    bursts = gain / (1 + beyond / (unit * level))
    information = _information(gain, log_effect, level / unit)
    return np.asarray(np.minimum(bursts, gain / (1 + beyond / level**2 * information)), dtype=np.float64)


def _relative(seen: Floats, fitted: Floats) -> Floats:
    return (seen - fitted) / np.maximum(np.maximum(seen, fitted), 1e-12)


def common_factor(outside: Floats) -> Floats:
    """Value over expected of all that `outside` holds; 1 where it is empty."""
    return np.where(outside[1] > 1e-9, np.maximum(outside[0], 0) / np.maximum(outside[1], 1e-12), 1.0)


def _continuous(inside: Floats, outside: Floats, tau2: Floats | float) -> Gains:
    score, weight, expected = inside
    safe, around = np.maximum(weight, 1e-12), np.maximum(outside[1], 1e-12)
    own = np.clip(score / safe, -1, 1)
    effect = np.clip(own - np.where(outside[1] > 1e-9, np.clip(outside[0] / around, -1, 1), 0.0), -1, 1)
    relative = safe / around
    gain = 0.5 * effect**2 * safe / (relative + _dispersion(safe, relative, tau2))
    return Gains(np.where(weight > 1e-9, gain, 0.0), effect, own, effect * expected)


def _information(gain: Floats, log_effect: Floats, variance: Floats) -> Floats:
    """What the slice's own counts tell about its effect: twice the gain over the squared effect. Near no effect that is
    the variance; for large ones it keeps gain / (1 + tau^2 * information) below effect^2 / (2 tau^2), as it must be."""
    square = log_effect**2
    return np.where(square > 1e-4, 2 * gain / np.maximum(square, 1e-4), variance)


def _log_odds(rate: Floats) -> Floats:
    inner = np.clip(rate, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(inner / (1 - inner)), dtype=np.float64)


def _stirred(tau2: Floats | float, common: Floats) -> Floats:
    """Stray variance under a common effect: slices differ in how strongly they answer to the same cause."""
    return np.asarray(tau2 + (_SENSITIVITY * common) ** 2, dtype=np.float64)


def _dispersion(information: Floats, relative: Floats, tau2: Floats | float) -> Floats:
    """Over-dispersion by the slice's own stray effect and by that of what it is compared with, which averages out the
    more there is of it: `relative` is the slice's size in parts of that."""
    return np.asarray(1 + tau2 * information * (1 + np.minimum(1.0, relative)), dtype=np.float64)


def _entropy(seen: Floats, fitted: Floats) -> Floats:
    ratio = np.maximum(seen, 1e-300) / np.maximum(fitted, 1e-12)
    return np.where(seen > 0, seen * np.log(ratio), 0.0)
