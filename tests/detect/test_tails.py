"""Exact tails against reference values over wide ranges, extremes included."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from metricloop.detect.tails import log_gamma, log_tails_bounded, log_tails_unbounded
from metricloop.kernel.series import Floats

DEEPEST = -690.0  # 1e-300: the reference itself ends there


def close(ours: Floats, given: object, tolerance: float) -> bool:
    reference = np.asarray(given, dtype=np.float64)
    meant = np.isfinite(reference) & (reference > DEEPEST)
    return bool(meant.mean() > 0.5 and np.max(np.abs(ours[meant] - reference[meant])) < tolerance)


def test_log_gamma_agrees_with_the_reference_from_tiny_to_huge() -> None:
    x = 10.0 ** np.random.default_rng(1).uniform(-8, 9, 20_000)
    reference = special.gammaln(x)
    assert np.max(np.abs(log_gamma(x) - reference) / np.maximum(1.0, np.abs(reference))) < 1e-9


def test_binomial_tails_agree_with_the_reference_down_to_1e_300() -> None:
    draw = np.random.default_rng(2)
    n = np.floor(10.0 ** draw.uniform(0, 4, 2_000))
    p = draw.uniform(0, 1, n.size) ** 3
    k = np.floor(draw.uniform(0, 1, n.size) * (n + 1))
    lower, upper = log_tails_bounded(k, n, p, np.zeros(n.size))
    assert close(lower, stats.binom.logcdf(k, n, p), 1e-4)  # the reference itself loses digits below 1e-290
    assert close(upper, stats.binom.logsf(k - 1, n, p), 1e-4)


def test_beta_binomial_tails_agree_with_summed_masses() -> None:
    draw = np.random.default_rng(3)
    n = np.floor(10.0 ** draw.uniform(0, 4, 300))
    p, spread = draw.uniform(0.001, 0.999, n.size), 10.0 ** draw.uniform(-4, 0.5, n.size)
    k = np.floor(draw.uniform(0, 1, n.size) * (n + 1))
    lower, upper = log_tails_bounded(k, n, p, spread)
    low, high = np.empty(n.size), np.empty(n.size)
    for i in range(n.size):
        mass = stats.betabinom.logpmf(np.arange(n[i] + 1), n[i], p[i] / spread[i], (1 - p[i]) / spread[i])
        low[i], high[i] = special.logsumexp(mass[: int(k[i]) + 1]), special.logsumexp(mass[int(k[i]) :])
    assert close(lower, low, 1e-4)
    assert close(upper, high, 1e-4)


@pytest.mark.parametrize("scatter", [0.0, 1.0])
def test_poisson_and_negative_binomial_tails_agree_with_the_reference(scatter: float) -> None:
    draw = np.random.default_rng(4)
    mean = 10.0 ** draw.uniform(-3, 5, 2_000)
    spread = scatter * 10.0 ** draw.uniform(-4, 0.5, mean.size)
    k = np.floor(mean * 10.0 ** draw.uniform(-1, 1, mean.size))
    lower, upper = log_tails_unbounded(k, mean, spread)
    if scatter:
        low, high = (
            f(k - d, 1 / spread, 1 / (1 + mean * spread))
            for f, d in ((stats.nbinom.logcdf, 0), (stats.nbinom.logsf, 1))
        )
    else:
        low, high = stats.poisson.logcdf(k, mean), stats.poisson.logsf(k - 1, mean)
    assert close(lower, low, 1e-4)
    assert close(upper, high, 1e-4)


def test_rates_next_to_zero_and_one_keep_their_precision() -> None:
    n = np.full(4, 1_000.0)
    p = np.array([1e-12, 1e-3, 1 - 1e-3, 1 - 1e-12])
    k = np.array([1.0, 30.0, 970.0, 999.0])
    lower, upper = log_tails_bounded(k, n, p, np.zeros(4))
    assert np.allclose(upper[:2], stats.binom.logsf(k[:2] - 1, n[:2], p[:2]), rtol=1e-6)
    assert np.allclose(lower[2:], stats.binom.logcdf(k[2:], n[2:], p[2:]), rtol=1e-4)


def test_no_trials_is_certain_and_impossible_counts_have_no_tail() -> None:
    zero = np.zeros(1)
    assert [float(x[0]) for x in log_tails_bounded(zero, zero, np.array([0.3]), zero)] == [0.0, 0.0]
    lower, upper = log_tails_bounded(np.array([-1.0, 11.0]), np.full(2, 10.0), np.full(2, 0.3), np.zeros(2))
    assert lower[0] == -np.inf and upper[0] == 0.0
    assert upper[1] == -np.inf and lower[1] == 0.0


def test_a_million_trials_are_as_exact_as_ten() -> None:
    n, p = np.full(3, 1e6), np.full(3, 0.03)
    k = np.array([29_000.0, 30_000.0, 31_500.0])
    lower, upper = log_tails_bounded(k, n, p, np.zeros(3))
    assert np.allclose(lower, stats.binom.logcdf(k, n, p), atol=1e-4)
    assert np.allclose(upper, stats.binom.logsf(k - 1, n, p), atol=1e-4)
