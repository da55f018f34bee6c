"""What a bucket should hold, for every series at once: the mean and scatter of its count law.

The total is expected at its own usual value. A part is expected at its usual offset from the rest of its bucket (the
total without it), applied to what the rest did; the rest is first shrunk to its own expectation by how well the bucket
tells it (normal posterior of log-odds, gamma posterior of a count), so that with an empty rest the part stands on its
own past.
Does not do: judge, learn, or remember anything.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metricloop.kernel.series import Flags, Floats

_FEWEST = 1e-9
_FLATTEST = 1e-6


@dataclass(frozen=True)
class Usual:
    """What the past says, per series: the usual value on the log scale and the variance of its estimate; the own
    variance of a bucket and its sensitivity to the common effect (see `spread`). For parts `value` is the offset
    from the rest."""

    value: Floats
    doubt: Floats
    own: Floats
    sensitivity: Floats


@dataclass(frozen=True)
class Expectation:
    """The law of each series' count in one bucket.

    mean: expected count. rate: expected rate (0 for counts). usual: expected without the common effect (rate or count).
    common: what the rest did, in log units. variance: of a bucket around `mean` in log units beyond counting noise, all
    told; doubt: its part that is doubt about the usual value; shared: its part that is the rest's own noise.
    slope: change of the mean per log unit, which is also the variance of pure counting noise; leverage: how far a
    variance in log units inflates it, by the factor 1 + leverage * variance.
    base: the log value of the rest, to which a part's offset is added. known: the count is there and can be compared.
    """

    mean: Floats
    rate: Floats
    usual: Floats
    common: Floats
    variance: Floats
    doubt: Floats
    shared: Floats
    slope: Floats
    leverage: Floats
    base: Floats
    known: Flags

    @property
    def spread(self) -> Floats:
        """The spread parameter of `bands`."""
        return np.asarray(np.where(self.rate > 0, self.rate * (1.0 - self.rate), 1.0) * self.variance)


def rate_of(log_odds: Floats) -> Floats:
    """The rate at these log-odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -30.0, 30.0))))


def expect_rate(usual: Usual, numerator: Floats, denominator: Floats) -> Expectation:
    """Rates: numerator out of denominator, both [S], the total first; NaN is unknown."""
    known = np.isfinite(numerator) & np.isfinite(denominator) & (denominator >= 1.0)
    y, n = np.where(known, numerator, 0.0), np.where(known, denominator, 0.0)
    rest_n = np.maximum(n[0] - n, 0.0)
    rest_y = np.clip(y[0] - y, 0.0, rest_n)
    total = usual.value[0]
    usual_rate = rate_of(usual.value[:1])[0]
    good, bad = rest_y + usual_rate, rest_n - rest_y + 1.0 - usual_rate
    noise = 1.0 / good + 1.0 / bad
    prior = usual.own[0] + usual.doubt[0]
    trust = np.where(rest_n > 0, prior / (prior + noise), 0.0)
    common = trust * (np.log(good / bad) - total)
    shared = (1.0 - trust) * prior
    base = np.full(n.size, total)
    common[0] = shared[0] = base[0] = 0.0
    rate = rate_of(base + common + usual.value)
    variance = usual.own + usual.sensitivity * common**2 + shared + usual.doubt
    flatness = np.maximum(rate * (1.0 - rate), _FLATTEST)
    return Expectation(
        mean=n * rate,
        rate=rate,
        usual=rate_of(base + usual.value),
        common=common,
        variance=variance,
        doubt=usual.doubt,
        shared=shared,
        slope=np.maximum(n, 1.0) * flatness,
        leverage=np.maximum(n - 1.0, 0.0) * flatness / (1.0 + flatness * variance),
        base=base + common,
        known=known & known[0],
    )


def expect_count(usual: Usual, numerator: Floats) -> Expectation:
    """Counts, [S], the total first; NaN is unknown."""
    known = np.isfinite(numerator) & np.isfinite(numerator[0])
    y = np.where(known, numerator, 0.0)
    odds = np.exp(np.clip(usual.value, -30.0, 15.0))
    total = max(float(np.exp(min(usual.value[0], 25.0))), _FEWEST)
    usual_rest = np.maximum(total / (1.0 + odds), _FEWEST)
    size = 1.0 / (usual.own[0] + usual.doubt[0])
    rest = np.maximum(y[0] - y, 0.0)
    posterior = usual_rest * (size + rest) / (size + usual_rest)
    common = np.log(posterior / usual_rest)
    shared = 1.0 / (size + rest)
    base = np.log(np.maximum(posterior, _FEWEST))
    common[0] = shared[0] = base[0] = 0.0
    mean, expected = np.maximum(odds * posterior, _FEWEST), odds * usual_rest
    mean[0] = expected[0] = total
    variance = usual.own + usual.sensitivity * common**2 + shared + usual.doubt
    return Expectation(
        mean=mean,
        rate=np.zeros_like(mean),
        usual=expected,
        common=common,
        variance=variance,
        doubt=usual.doubt,
        shared=shared,
        slope=mean,
        leverage=mean,
        base=base,
        known=known,
    )
