"""The verdict and the band are one statement."""

from __future__ import annotations

import numpy as np
import pytest

from metricloop.detect.bands import CountBand, bounded_band, unbounded_band
from metricloop.detect.tails import log_tails_bounded, log_tails_unbounded
from metricloop.kernel.series import Floats

ROWS = 200


def cases(seed: int, largest: float) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    draw = np.random.default_rng(seed)
    n = np.floor(10.0 ** draw.uniform(0, largest, ROWS))
    rate, spread = draw.uniform(0.01, 0.99, ROWS), 10.0 ** draw.uniform(-5, 0, ROWS)
    count = np.floor(draw.uniform(0, 1, ROWS) * (n + 1))
    return count, n, rate, spread, np.log(10.0 ** draw.uniform(-7, -1, ROWS))


def agrees(band: CountBand, count: Floats, log_alpha: Floats) -> bool:
    below, above = band.log_lower_tail < log_alpha, band.log_upper_tail < log_alpha
    return bool(np.array_equal(below, count < band.lower) and np.array_equal(above, count > band.upper))


@pytest.mark.parametrize("largest", [1.0, 2.5, 4.5])
def test_a_rate_is_outside_its_band_exactly_if_its_tail_is_small(largest: float) -> None:
    count, n, rate, spread, log_alpha = cases(5, largest)
    band = bounded_band(count, n, rate, spread, np.stack([log_alpha, log_alpha]))
    lower, upper = log_tails_bounded(count, n, rate, spread)
    assert agrees(band, count, log_alpha)
    assert np.allclose(band.log_lower_tail, lower, atol=1e-4) and np.allclose(band.log_upper_tail, upper, atol=1e-4)


@pytest.mark.parametrize("largest", [1.0, 2.5, 4.5])
def test_a_count_is_outside_its_band_exactly_if_its_tail_is_small(largest: float) -> None:
    count, n, rate, spread, log_alpha = cases(6, largest)
    band = unbounded_band(count, n * rate, spread, np.stack([log_alpha, log_alpha]))
    lower, upper = log_tails_unbounded(count, n * rate, spread)
    assert agrees(band, count, log_alpha)
    assert np.allclose(band.log_lower_tail, lower, atol=1e-4) and np.allclose(band.log_upper_tail, upper, atol=1e-4)


def test_the_band_is_as_tight_as_the_tail_allows() -> None:
    count, n, rate, spread, log_alpha = cases(7, 3.0)
    band = bounded_band(count, n, rate, spread, np.stack([log_alpha, log_alpha]))
    assert np.all(log_tails_bounded(band.lower, n, rate, spread)[0] >= log_alpha - 1e-9)
    inside = band.lower > 0
    assert np.all(log_tails_bounded(band.lower - 1, n, rate, spread)[0][inside] < log_alpha[inside])


def test_a_smaller_denominator_has_a_wider_band() -> None:
    n = np.array([10.0, 100.0, 1_000.0])
    band = bounded_band(n * 0.8, n, np.full(3, 0.8), np.full(3, 0.01), np.full((2, 3), np.log(1e-3)))
    assert np.all(np.diff((band.upper - band.lower) / n) < 0)
