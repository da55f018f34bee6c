"""The detector: one bucket judged and learnt, as the loop does it each tick."""

from __future__ import annotations

import time
from typing import Literal

import numpy as np

from benchmarks.tables import markdown
from metricloop.detect.seasonal import SeasonalConfig, SeasonalDetector
from metricloop.kernel.grain import Grain

_WEEK = 168


def report() -> str:
    kinds: tuple[Literal["rate", "count"], ...] = ("rate", "count")
    rows = [
        [f"{kind}, {series} series", f"{rate:,.0f}", f"{1000 * series / rate:.2f}"]
        for kind in kinds
        for series in (1, 20, 120, 1000)
        for rate in [_rate(kind, series)]
    ]
    head = ("what is judged and learnt", "series per second", "ms per bucket")
    return markdown("Detector `seasonal`, hourly", head, rows)


def _rate(kind: Literal["rate", "count"], series: int, weeks: int = 5) -> float:
    """Series per second in the last week, when all of them have a band."""
    config = SeasonalConfig(kind=kind, grain=Grain.HOUR, direction="both")
    detector = SeasonalDetector(config, [0] + [1] * (series - 1))
    counts = np.random.default_rng(1).poisson(20.0, (weeks * _WEEK, 2, series)).astype(np.float64)
    counts[:, 0] = np.minimum(counts[:, 0], counts[:, 1])
    spent = 0.0
    for hour, (numerator, denominator) in enumerate(counts):
        began = time.thread_time()
        detector.judge(hour % _WEEK, numerator, denominator)
        detector.learn(hour % _WEEK, numerator, denominator)
        if hour >= (weeks - 1) * _WEEK:
            spent += time.thread_time() - began
    return series * _WEEK / spent
