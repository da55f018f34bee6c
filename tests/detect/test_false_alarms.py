"""False alarms stay within the budget on noise of every kind (seeded simulation)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from metricloop.detect.seasonal import Direction, Kind, SeasonalConfig
from metricloop.detect.slots import BUCKETS_PER_WEEK
from metricloop.kernel.grain import Grain
from tests.detect.simulate import History, alarms_per_series_week, day_wave, with_total

WEEKS = {Grain.HOUR: 10, Grain.DAY: 40}
PARTS = {Grain.HOUR: 10, Grain.DAY: 40}
BAD_SIDES: tuple[Direction, ...] = ("up", "down")
SLACK = 1.3  # three standard errors of the number of alarms that the budget allows in this much noise


def noises(grain: Grain) -> Iterator[tuple[str, Kind, History]]:
    per_week = BUCKETS_PER_WEEK[grain]
    draw = np.random.default_rng(11)
    shape = (WEEKS[grain] * per_week, PARTS[grain])
    wave, one = day_wave(shape[0], per_week)[:, None], np.ones(shape)
    yield "binomial noise", "rate", with_total(draw.binomial(60, 0.8, shape).astype(float), 60 * one)
    trials = draw.poisson(80 * wave * one).astype(float)
    seasonal = draw.binomial(trials.astype(int), 0.6 + 0.3 * wave).astype(float)
    yield "a seasonal rate with seasonal trials", "rate", with_total(seasonal, trials)
    weather = draw.normal(0, 0.5, (shape[0], 1)) + draw.normal(0, 0.2, shape)
    stormy = draw.binomial(50, 1 / (1 + np.exp(-1 - weather))).astype(float)
    yield "rates under common weather", "rate", with_total(stormy, 50 * one)
    yield "rare conversions", "rate", with_total(draw.binomial(100, 0.03, shape).astype(float), 100 * one)
    yield "Poisson noise", "count", with_total(draw.poisson(30 * one).astype(float), one)
    yield "seasonal Poisson noise", "count", with_total(draw.poisson(50 * wave * one).astype(float), one)
    yield "sparse counts", "count", with_total(draw.poisson(0.2 * one).astype(float), one)
    common = draw.gamma(4, 0.25, (shape[0], 1))
    scattered = draw.negative_binomial(10, 10 / (10 + 20 * common * wave * one)).astype(float)
    yield "scattered counts under common weather", "count", with_total(scattered, one)
    white = np.maximum(np.round(draw.normal(200, 30, shape)), 0)
    yield "white noise", "count", with_total(white, one)


CASES: list[tuple[str, Grain, Direction, Kind, History]] = [
    (f"{name}, {grain}, {direction}", grain, direction, kind, history)
    for grain in (Grain.HOUR, Grain.DAY)
    for name, kind, history in noises(grain)
    for direction in BAD_SIDES
]


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_parts_keep_the_budget(case: tuple[str, Grain, Direction, Kind, History]) -> None:
    _, grain, direction, kind, history = case
    budget = 0.01 * BUCKETS_PER_WEEK[grain]
    config = SeasonalConfig(kind, grain, direction, budget=budget, total_budget=budget)
    assert alarms_per_series_week(config, history) <= SLACK * budget


def test_the_total_keeps_the_budget_over_all_noises() -> None:
    rates = []
    for _, grain, direction, kind, history in (case for case in CASES if case[1] is Grain.DAY):
        alone = History(history.numerator[:, :1], history.denominator[:, :1], [0])
        config = SeasonalConfig(kind, grain, direction, total_budget=0.01 * BUCKETS_PER_WEEK[grain])
        rates.append(alarms_per_series_week(config, alone, parts=False) / BUCKETS_PER_WEEK[grain])
    assert np.mean(rates) <= 0.01 and np.max(rates) <= 0.03
