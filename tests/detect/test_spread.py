"""Scatter beyond counting noise is found again, also where it depends on the common effect."""

from __future__ import annotations

import numpy as np

from metricloop.detect.spread import Spread

GROUPS = np.array([0, *([1] * 20)])


def taught(own: float, sensitivity: float, buckets: int, noise: float = 0.02) -> Spread:
    draw = np.random.default_rng(7)
    spread = Spread(1e6, (0.3, 0.05), 0.1)
    spread.grow(GROUPS)
    for _ in range(buckets):
        common = np.where(GROUPS > 0, draw.normal(0, 1), 0.0)
        scatter = own + sensitivity * common**2 + noise
        squared = draw.normal(0, np.sqrt(scatter)) ** 2
        spread.learn(squared - noise, np.full(GROUPS.size, noise), common, np.ones(GROUPS.size, dtype=bool))
    return spread


def test_before_any_data_the_prior_holds() -> None:
    own, sensitivity = taught(0.2, 0.0, 0).variances()
    assert own[0] == 0.3 and np.all(own[1:] == 0.05) and sensitivity[0] == 0 and np.all(sensitivity[1:] == 0.1)


def test_own_scatter_and_sensitivity_are_told_apart() -> None:
    own, sensitivity = taught(0.1, 0.2, 800).variances()
    assert abs(own[1:].mean() - 0.1) < 0.03 and abs(sensitivity[1] - 0.2) < 0.05


def test_pure_counting_noise_leaves_next_to_nothing() -> None:
    own, sensitivity = taught(0.0, 0.0, 800).variances()
    assert own[1:].mean() < 0.01 and sensitivity[1] < 0.01


def test_a_young_series_borrows_from_its_group() -> None:
    spread = taught(0.2, 0.0, 400)
    spread.grow(np.append(GROUPS, 1))
    own, _ = spread.variances()
    assert abs(own[-1] - own[1:-1].mean()) < 0.02
