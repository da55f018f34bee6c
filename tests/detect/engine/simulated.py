"""Series with a known truth, hourly from a Monday on; seeded."""

from __future__ import annotations

import numpy as np

from metricloop.detect.engine.batch import Rows
from metricloop.kernel.series import Floats

HOUR = 3600
MONDAY = 1_704_067_200
WEEK = 168


def rows_of(values: Floats, step: int = HOUR) -> Rows:
    return Rows(np.arange(values.size, dtype=np.int64) * step + MONDAY, values)


def seasonal(weeks: int, seed: int = 1, noise: float = 5.0) -> Floats:
    """Busy by day, quiet at weekends, around 100."""
    hours = np.arange(weeks * WEEK)
    usual = 100 + 30 * np.sin(2 * np.pi * hours / 24) + 20 * (hours // 24 % 7 > 4)
    return np.asarray(usual + np.random.default_rng(seed).normal(0, noise, hours.size))
