"""Series with a known truth, and what the detector makes of them. Seeded; nothing here is judged by eye."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metricloop.detect.seasonal import Judgement, SeasonalConfig, SeasonalDetector
from metricloop.detect.slots import BUCKETS_PER_WEEK
from metricloop.kernel.series import Floats


@dataclass(frozen=True)
class History:
    """numerator, denominator: [T, S], the total first; groups as the detector wants them."""

    numerator: Floats
    denominator: Floats
    groups: list[int]


def with_total(numerator: Floats, denominator: Floats) -> History:
    """Put the sum of the parts in front; all parts are one group."""
    return History(
        np.column_stack([numerator.sum(axis=1), numerator]),
        np.column_stack([denominator.sum(axis=1), denominator]),
        [0] + [1] * numerator.shape[1],
    )


def day_wave(buckets: int, per_week: int) -> Floats:
    """A daily wave with a lower weekend, between 0.2 and 1."""
    at = np.arange(buckets) % per_week
    days = at / (per_week / 7)
    weekend = np.where(days >= 5, 0.7, 1.0)
    return np.asarray(weekend * (0.6 + (0.4 * np.sin(2 * np.pi * days) if per_week > 7 else 0.0)))


def run(detector: SeasonalDetector, history: History, start: int = 0, end: int | None = None) -> list[Judgement]:
    """Judge then learn each bucket; slot 0 is bucket 0."""
    per_week = BUCKETS_PER_WEEK[detector.config.grain]
    judged = []
    for t in range(start, len(history.numerator) if end is None else end):
        judged.append(detector.judge(t % per_week, history.numerator[t], history.denominator[t]))
        detector.learn(t % per_week, history.numerator[t], history.denominator[t])
    return judged


def judge_all(config: SeasonalConfig, history: History) -> list[Judgement]:
    return run(SeasonalDetector(config, history.groups), history)


def alarms_per_series_week(config: SeasonalConfig, history: History, parts: bool = True) -> float:
    """False alarms per series and judged week: of the parts, or of the total."""
    judged = judge_all(config, history)
    columns = slice(1, None) if parts else slice(0, 1)
    alarms = sum(int(j.anomalous[columns].sum()) for j in judged)
    buckets = sum(int(j.judged[columns].sum()) for j in judged)
    return alarms / buckets * BUCKETS_PER_WEEK[config.grain]
