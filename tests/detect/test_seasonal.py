"""What the seasonal detector promises, one sentence each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from metricloop.detect.seasonal import Judgement, SeasonalConfig, SeasonalDetector
from metricloop.kernel.grain import Grain
from metricloop.kernel.series import Floats
from tests.detect.simulate import History, day_wave, judge_all, run, with_total

DAYS = 98
RATE = SeasonalConfig("rate", Grain.DAY, "down")
COUNT = SeasonalConfig("count", Grain.DAY, "down")


def stormy_rates(seed: int, days: int = DAYS, parts: int = 10, n: int = 80) -> History:
    """Parts of different usual rates that all follow the same over-dispersed weather."""
    draw = np.random.default_rng(seed)
    log_odds = 1.2 + draw.normal(0, 0.4, (days, 1)) + draw.normal(0, 0.3, parts) + draw.normal(0, 0.15, (days, parts))
    trials = np.full((days, parts), float(n))
    return with_total(draw.binomial(n, 1 / (1 + np.exp(-log_odds))).astype(float), trials)


def steady_counts(seed: int, mean: float = 40.0, days: int = DAYS, parts: int = 8) -> History:
    draw = np.random.default_rng(seed)
    counts = draw.poisson(mean * day_wave(days, 7)[:, None] * np.ones(parts)).astype(float)
    return with_total(counts, np.ones_like(counts))


def trained(config: SeasonalConfig, history: History) -> SeasonalDetector:
    detector = SeasonalDetector(config, history.groups)
    run(detector, history)
    return detector


def same(one: Judgement, other: Judgement) -> bool:
    pairs = zip(vars(one).values(), vars(other).values(), strict=True)
    return all(np.array_equal(a, b, equal_nan=True) for a, b in pairs)


def test_no_history_gives_no_verdict() -> None:
    history = stormy_rates(1)
    verdict = SeasonalDetector(RATE, history.groups).judge(0, history.numerator[0], history.denominator[0])
    assert not verdict.judged.any() and not verdict.anomalous.any() and np.isnan(verdict.lower).all()
    assert np.all(verdict.score == 0)


def test_a_missing_value_gives_no_verdict_and_is_not_learnt() -> None:
    history = stormy_rates(2)
    detector = trained(RATE, history)
    before = detector.dump()["profile.level"]
    gap = np.full(len(history.groups), np.nan)
    verdict = detector.judge(0, gap, history.denominator[0])
    detector.learn(0, gap, history.denominator[0])
    assert not verdict.judged.any() and np.isnan(verdict.expected).all()
    assert np.array_equal(detector.dump()["profile.level"], before)


def test_parts_have_no_verdict_where_the_total_is_missing() -> None:
    history = stormy_rates(3)
    numerator = history.numerator[0].copy()
    numerator[0] = np.nan
    assert not trained(RATE, history).judge(0, numerator, history.denominator[0]).judged.any()


def test_parts_stay_quiet_when_everybody_falls() -> None:
    history = stormy_rates(4)
    detector = trained(RATE, history)
    everybody = history.denominator[0] * 0.15
    verdict = detector.judge(0, np.round(everybody), history.denominator[0])
    assert verdict.anomalous[0] and not verdict.anomalous[1:].any()
    assert np.all(verdict.common[1:] < -2) and np.all(verdict.expected[1:] < verdict.usual[1:] - 0.3)


def test_the_part_that_is_worse_than_its_bad_day_stands_out() -> None:
    history = stormy_rates(5)
    detector = trained(RATE, history)
    numerator = np.round(history.denominator[0] * 0.6)
    numerator[3] = 12
    numerator[0] = numerator[1:].sum()
    verdict = detector.judge(0, numerator, history.denominator[0])
    assert list(np.flatnonzero(verdict.anomalous)) == [3]


def test_the_same_rate_is_judged_by_its_denominator() -> None:
    history = stormy_rates(6)
    detector = trained(replace(RATE, minimum_denominator=1), history)
    large, small = history.denominator[0].copy(), history.denominator[0].copy()
    small[2] = 6
    found = []
    for trials in (large, small):
        numerator = np.round(trials * history.numerator.sum(axis=0) / history.denominator.sum(axis=0))
        numerator[2] = np.round(trials[2] / 3)
        found.append(detector.judge(0, numerator, trials))
    assert found[0].anomalous[2] and not found[1].anomalous[2]
    assert found[1].lower[2] < found[0].lower[2]


def test_a_bucket_below_the_minimum_denominator_is_not_judged() -> None:
    history = stormy_rates(7)
    detector = trained(replace(RATE, minimum_denominator=100), history)
    verdict = detector.judge(0, history.numerator[0], history.denominator[0])
    assert verdict.judged[0] and not verdict.judged[1:].any()


def test_a_surprise_smaller_than_the_minimum_effect_is_no_anomaly() -> None:
    history = stormy_rates(8)
    numerator = history.numerator[0].copy()
    numerator[3] = 20
    numerator[0] = numerator[1:].sum()
    found = [
        trained(replace(RATE, minimum_effect=effect), history).judge(0, numerator, history.denominator[0])
        for effect in (0.1, 0.9)
    ]
    assert found[0].anomalous[3] and not found[1].anomalous[3]
    assert found[1].observed[3] < found[1].lower[3]


def test_the_bucket_under_test_is_not_in_its_own_baseline() -> None:
    history = stormy_rates(9)
    detector = trained(RATE, history)
    usual = detector.judge(0, history.numerator[0], history.denominator[0])
    awful = history.numerator[0].copy()
    awful[0] = 0
    assert detector.judge(0, awful, history.denominator[0]).lower[0] == usual.lower[0]
    assert same(detector.judge(0, history.numerator[0], history.denominator[0]), usual)


def test_what_comes_later_changes_no_earlier_verdict() -> None:
    history = stormy_rates(10)
    changed = replace(history, numerator=history.numerator.copy())
    changed.numerator[60:] = np.round(changed.numerator[60:] * 0.3)
    pairs = zip(judge_all(RATE, history)[:60], judge_all(RATE, changed)[:60], strict=True)
    assert all(same(one, other) for one, other in pairs)


@pytest.mark.parametrize("config", [RATE, COUNT])
def test_a_snapshot_continues_bit_by_bit_the_same(config: SeasonalConfig) -> None:
    history = stormy_rates(11)
    whole = SeasonalDetector(config, history.groups)
    run(whole, history, 0, 50)
    copy = SeasonalDetector.load(config, whole.dump())
    pairs = zip(run(whole, history, 50), run(copy, history, 50), strict=True)
    assert all(same(one, other) for one, other in pairs)
    assert all(np.array_equal(copy.dump()[name], array) for name, array in whole.dump().items())


def test_a_series_that_appears_later_changes_nothing_for_the_others_state_and_is_judged_in_time() -> None:
    history = stormy_rates(12)
    fewer = History(history.numerator[:, :-1], history.denominator[:, :-1], history.groups[:-1])
    detector = SeasonalDetector(RATE, fewer.groups)
    run(detector, fewer, 0, 50)
    detector.grow(history.groups)
    judged = run(detector, history, 50)
    assert not judged[0].judged[-1] and judged[0].judged[:-1].all()
    assert judged[-1].judged[-1]


def test_masked_series_learn_nothing_from_the_bucket() -> None:
    history = stormy_rates(13)
    detector = trained(RATE, history)
    before = detector.dump()
    mask = np.zeros(len(history.groups), dtype=bool)
    mask[[0, 4]] = True
    detector.learn(0, np.round(history.denominator[0] * 0.1), history.denominator[0], mask)
    moved = detector.dump()["profile.level"] != before["profile.level"]
    assert np.array_equal(moved, ~mask)


def alarm_days(judged: list[Judgement], series: int) -> list[int]:
    return [t for t, verdict in enumerate(judged) if verdict.anomalous[series]]


@pytest.mark.parametrize("series", [0, 3])
def test_a_lasting_shift_is_reported_once_and_then_followed(series: int) -> None:
    history = steady_counts(14, mean=200.0, days=140)
    columns = slice(1, None) if series == 0 else slice(series, series + 1)
    numerator = history.numerator.copy()
    numerator[70:, columns] = np.round(numerator[70:, columns] * 0.4)
    numerator[:, 0] = numerator[:, 1:].sum(axis=1)
    days = alarm_days(judge_all(COUNT, replace(history, numerator=numerator)), series)
    assert days and min(days) <= 72 and max(days) < 84


def test_a_short_outage_does_not_move_the_expectation() -> None:
    history = steady_counts(15)
    numerator = history.numerator.copy()
    numerator[70:72, 1:] = 0
    numerator[:, 0] = numerator[:, 1:].sum(axis=1)
    judged = judge_all(COUNT, replace(history, numerator=numerator))
    assert judged[70].anomalous[0] and judged[71].anomalous[0]
    assert judged[77].expected[0] > 0.8 * judged[70].expected[0]
    assert not any(verdict.anomalous[0] for verdict in judged[73:])


def test_the_profile_learns_the_week() -> None:
    history = steady_counts(16, mean=200.0)
    expected = np.array([verdict.expected[0] for verdict in judge_all(COUNT, history)[-7:]])
    assert np.allclose(expected[5:] / expected[:5].mean(), 0.7, atol=0.06)


def test_sparse_series_never_alarm_by_a_single_event() -> None:
    draw = np.random.default_rng(17)
    counts = (draw.random((DAYS, 20)) < 0.1).astype(float)
    judged = judge_all(SeasonalConfig("count", Grain.DAY, "both"), with_total(counts, np.ones_like(counts)))
    assert sum(int(verdict.anomalous[1:].sum()) for verdict in judged) == 0


def band_disagrees(verdict: Judgement) -> Floats:
    outside = (verdict.observed < verdict.lower) | (verdict.observed > verdict.upper)
    return np.asarray(outside != verdict.anomalous)


@pytest.mark.parametrize("kind", ["rate", "count"])
def test_verdict_and_band_agree(kind: str) -> None:
    history = stormy_rates(18)
    config = SeasonalConfig("rate" if kind == "rate" else "count", Grain.DAY, "both", budget=1.0, total_budget=1.0)
    judged = judge_all(config, history)
    assert not any(band_disagrees(verdict).any() for verdict in judged)
    assert sum(int(verdict.anomalous.sum()) for verdict in judged) > 0


def test_the_score_rises_as_the_tail_falls() -> None:
    judged = judge_all(RATE, stormy_rates(19))
    tails = np.concatenate([verdict.log_tail[verdict.judged] for verdict in judged])
    scores = np.concatenate([verdict.score[verdict.judged] for verdict in judged])
    order = np.argsort(tails)
    assert np.all(np.diff(scores[order]) <= 0) and scores.min() >= 0 and scores.max() <= 1


def test_wrong_input_is_refused_with_the_way_out() -> None:
    detector = SeasonalDetector(RATE, [0, 1])
    with pytest.raises(ValueError, match="call grow"):
        detector.judge(0, np.ones(3), np.ones(3))
    with pytest.raises(ValueError, match="must begin with 0"):
        detector.grow([0, 2, 1])
    with pytest.raises(ValueError, match="at most one alarm per bucket"):
        replace(RATE, budget=8.0)


@pytest.mark.parametrize("config", [RATE, COUNT, replace(RATE, direction="both"), replace(COUNT, direction="both")])
@pytest.mark.filterwarnings("error")
def test_odd_input_never_breaks_a_verdict(config: SeasonalConfig) -> None:
    draw = np.random.default_rng(20)
    detector = SeasonalDetector(config, [0, *([1] * 12)])
    for step in range(60):
        trials = np.floor(10.0 ** draw.uniform(0, 5, 13)) * (draw.random(13) < 0.8)
        count = np.floor(trials * draw.choice([0.0, 0.5, 1.0, draw.random()], 13))
        count[draw.random(13) < 0.1] = np.nan
        verdict = detector.judge(step % 7, count, trials)
        detector.learn(step % 7, count, trials)
        assert not np.any(verdict.anomalous & ~verdict.judged)
        assert np.all(np.isfinite(verdict.score)) and np.all(np.isfinite(verdict.lower[verdict.judged]))
        assert np.all(verdict.lower[verdict.judged] <= verdict.upper[verdict.judged])
    assert all(np.all(np.isfinite(array)) for array in detector.dump().values())
