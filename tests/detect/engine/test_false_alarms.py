"""What the engine makes of noise in which nothing happens. Runs of alarms per series and week, at budget 1."""

from __future__ import annotations

import numpy as np
import pytest

from metricloop.detect.engine.batch import judge_series
from metricloop.detect.engine.settings import Alarming
from metricloop.kernel.series import Floats
from tests.detect.engine.simulated import WEEK, rows_of, seasonal

SERIES, WEEKS, WARM = 30, 8, 2


def alarms_per_week(values: Floats) -> float:
    found = judge_series([rows_of(values[:, s]) for s in range(values.shape[1])], Alarming())
    late = [judged.anomaly[WARM * WEEK :] for judged in found]
    starts = sum(int((one & ~np.r_[False, one[:-1]]).sum()) for one in late)
    return starts / (len(late) * (WEEKS - WARM))


def autoregressive(noise: Floats) -> Floats:
    values = np.zeros_like(noise)
    for t in range(1, values.shape[0]):
        values[t] = 0.9 * values[t - 1] + noise[t]
    return values


NOISE = np.random.default_rng(7).normal(size=(WEEKS * WEEK, SERIES))
QUIET = {
    "white": NOISE,
    "seasonal": np.stack([seasonal(WEEKS, seed) for seed in range(SERIES)], axis=1),
    "autoregressive": autoregressive(NOISE),
    "counts": np.random.default_rng(8).poisson(20, NOISE.shape).astype(np.float64),
}
WILD = {
    "sparse counts": np.random.default_rng(9).poisson(0.3, NOISE.shape).astype(np.float64),
    "heavy tails": np.random.default_rng(10).standard_t(3, NOISE.shape),
    "lognormal": np.exp(NOISE),
}


@pytest.mark.parametrize("kind", QUIET)
def test_ordinary_noise_stays_within_its_budget(kind: str) -> None:
    assert alarms_per_week(QUIET[kind]) <= 1.0


@pytest.mark.parametrize("kind", WILD)
def test_heavy_tails_and_sparse_counts_cost_at_most_three_budgets(kind: str) -> None:
    assert alarms_per_week(WILD[kind]) <= 3.0
