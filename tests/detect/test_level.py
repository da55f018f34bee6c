"""Values that are neither counts nor shares: the budget is kept on noise, drops are seen, missing values are not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from metricloop.define.model import MetricType
from metricloop.detect.level import LevelDetector
from metricloop.detect.options import kind_of
from metricloop.detect.seasonal import Direction, SeasonalConfig
from metricloop.detect.slots import BUCKETS_PER_WEEK
from metricloop.kernel.grain import Grain
from metricloop.kernel.series import Floats
from tests.triage.nouns import metric

WEEKS = {Grain.HOUR: 10, Grain.DAY: 50}
PARTS = {Grain.HOUR: 20, Grain.DAY: 100}


def config(grain: Grain, direction: Direction = "down", share: float = 0.01) -> SeasonalConfig:
    """share: false alarms that the budget allows, of all buckets."""
    budget = share * BUCKETS_PER_WEEK[grain]
    return SeasonalConfig("level", grain, direction, budget=budget, total_budget=budget, minimum_denominator=0.0)


def run(detector: LevelDetector, values: Floats, start: int = 0) -> list[Floats]:
    """Judge then learn; -1 no verdict, 0 fine, 1 anomalous."""
    week, found = BUCKETS_PER_WEEK[detector.config.grain], []
    ones = np.ones(values.shape[1])
    for at, row in enumerate(values):
        judged = detector.judge((start + at) % week, row, ones)
        found.append(np.where(judged.judged, judged.anomalous.astype(float), -1.0))
        detector.learn((start + at) % week, row, ones)
    return found


def noise(kind: str, grain: Grain) -> Floats:
    draw = np.random.default_rng(7)
    shape = (WEEKS[grain] * BUCKETS_PER_WEEK[grain], PARTS[grain])
    white = draw.normal(0.0, 1.0, shape)
    if kind == "seasonal":
        wave = draw.normal(0.0, 4.0, BUCKETS_PER_WEEK[grain])
        return 50.0 + wave[np.arange(shape[0]) % len(wave)][:, None] + white
    if kind == "wandering":
        for at in range(1, shape[0]):
            white[at] += 0.5 * white[at - 1]
    return white


@pytest.mark.parametrize("direction", ["down", "both"])
@pytest.mark.parametrize("grain", [Grain.HOUR, Grain.DAY])
@pytest.mark.parametrize("kind", ["white", "seasonal", "wandering"])
def test_noise_keeps_the_budget(kind: str, grain: Grain, direction: Direction) -> None:
    values = noise(kind, grain)
    found = np.array(run(LevelDetector(config(grain, direction), [0] + [1] * (values.shape[1] - 1)), values))
    assert (found == 1).sum() / (found >= 0).sum() <= 0.01


@pytest.mark.parametrize("level", [-3.0, 0.0, 1e-6, 4e9])
def test_a_drop_is_seen_at_any_level_also_below_zero(level: float) -> None:
    scale = max(abs(level), 1.0) * 0.02 if level != 1e-6 else 1e-8
    draw = np.random.default_rng(3)
    values = level + scale * draw.normal(size=(57, 1))
    values[-1] = level - 12 * scale
    assert run(LevelDetector(config(Grain.DAY), [0]), values)[-1] == 1


def test_before_two_weeks_there_is_no_verdict() -> None:
    found = run(LevelDetector(config(Grain.DAY), [0]), np.random.default_rng(1).normal(size=(20, 1)))
    assert [row[0] for row in found[:14]] == [-1.0] * 14
    assert found[15][0] >= 0


def test_a_missing_value_has_no_verdict_and_is_not_learnt() -> None:
    detector = LevelDetector(config(Grain.DAY), [0])
    run(detector, np.random.default_rng(1).normal(size=(28, 1)))
    before = detector.dump()
    assert not detector.judge(0, np.array([np.nan]), np.ones(1)).judged[0]
    detector.learn(0, np.array([np.nan]), np.ones(1))
    assert all(np.array_equal(before[name], array) for name, array in detector.dump().items())


def test_a_masked_value_is_not_learnt() -> None:
    detector = LevelDetector(config(Grain.DAY), [0])
    run(detector, np.random.default_rng(1).normal(size=(28, 1)))
    before = detector.dump()
    detector.learn(0, np.array([-99.0]), np.ones(1), np.array([True]))
    assert all(np.array_equal(before[name], array) for name, array in detector.dump().items())


def test_a_lasting_shift_becomes_the_new_level() -> None:
    draw = np.random.default_rng(2)
    values = np.concatenate([draw.normal(10.0, 1.0, (42, 1)), draw.normal(0.0, 1.0, (28, 1))])
    found = run(LevelDetector(config(Grain.DAY), [0]), values)
    assert found[42][0] == 1
    assert all(row[0] == 0 for row in found[-14:])


def test_what_was_kept_goes_on_bit_by_bit_the_same() -> None:
    values = noise("seasonal", Grain.DAY)[:70, :3]
    whole = LevelDetector(config(Grain.DAY), [0, 1, 1])
    run(whole, values[:40])
    copy = LevelDetector.load(whole.config, whole.dump())
    assert np.array_equal(run(whole, values[40:], 40), run(copy, values[40:], 40))


def test_a_series_that_comes_later_begins_with_its_own_first_value() -> None:
    detector = LevelDetector(config(Grain.DAY), [0])
    values = np.random.default_rng(5).normal(5.0, 1.0, (60, 2))
    run(detector, values[:20, :1])
    detector.grow([0, 1])
    found = run(detector, values[20:], 20)
    assert [row[1] for row in found[:14]] == [-1.0] * 14
    with pytest.raises(ValueError, match="groups must begin"):
        detector.grow([1])


def test_a_band_holds_as_much_as_the_budget_says() -> None:
    detector = LevelDetector(config(Grain.DAY, "both"), [0])
    run(detector, np.random.default_rng(1).normal(100.0, 1.0, (70, 1)))
    judged = detector.judge(0, np.array([100.0]), np.ones(1))
    assert judged.lower[0] < 98 < judged.expected[0] < 102 < judged.upper[0]
    assert judged.score[0] < 0.3 < detector.judge(0, np.array([90.0]), np.ones(1)).score[0]


def test_the_law_follows_from_what_the_metric_is() -> None:
    ratio, amount = metric(), metric(ratio=False)

    def unit(one: str, **more: Any) -> str:
        governance = replace(amount.governance, unit=one)
        return kind_of(replace(amount, governance=governance, **more))

    assert kind_of(ratio) == "rate"
    assert kind_of(replace(ratio, governance=replace(ratio.governance, unit="CNY"))) == "level"
    assert unit("CNY") == "count"
    assert unit("count", additive=False) == "count"
    assert unit("seconds", additive=False) == "level"
    assert unit("CNY", additive=False) == "level"
    assert unit("CNY", additive=False, type=MetricType.CUMULATIVE) == "count"
    assert unit("ratio", additive=False, type=MetricType.DERIVED) == "level"
