"""The level detector: was this value expected, for values that are neither counts nor shares of counts?

Averages, percentiles, growth rates, differences: any number, also below zero. Each series stands on its own past.

* Expected is a level that follows slowly, plus what the hour of day, the hour of week or the weekday usually adds.
* Scatter is learnt from the series' own one-step residuals; tails are Student's t, by how much scatter has been seen
  and never lighter than with 12 degrees of freedom, because such values have heavier tails than a normal law.
* A value is anomalous if it lies outside the band and passes the gates (history, minimum denominator, effect).
* `learn` clips residuals and steps over masked series; residuals that stay on one side are taken for a lasting shift.

From: Holt (1957) and Winters (1960) for additive exponential smoothing; Huber (1964) for clipping; Wallace (1959) for
the normal approximation of Student's t, which with few degrees of freedom alarms rather less.
Does not do: compare parts with the rest of their bucket (they do not add up to it), weigh a value by its denominator,
trends, holidays. Missing values (NaN) give no verdict and are not learnt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import erfc, log, pi, sqrt
from statistics import NormalDist

import numpy as np

from metricloop.detect.seasonal import Judgement, SeasonalConfig
from metricloop.detect.slots import BUCKETS_PER_WEEK, TIER_SIZES, tier_cells
from metricloop.kernel.grain import Grain
from metricloop.kernel.series import Flags, Floats

_CLIP = 2.5
_SHRINK = 2.0
_SEASON_GAIN = 0.1
_LEVEL_GAIN = {Grain.HOUR: 0.01, Grain.DAY: 0.05}
_SHIFT_GAIN = 0.4
_SHIFT_AFTER = {Grain.HOUR: 36, Grain.DAY: 4}
_SCATTER_WEEKS = 12.0
_FREEDOM = (3.0, 12.0)
_LEAST_SCATTER = 1e-9  # of the level: a series that never moved may move by rounding


class LevelDetector:
    """State of one metric at one grain. `groups` are kept for the caller; here every series stands alone."""

    def __init__(self, config: SeasonalConfig, groups: Sequence[int]) -> None:
        self.config = config
        self._groups = np.zeros(0)
        self._level = np.zeros(0)
        self._seen = np.zeros(0)
        self._streak = np.zeros(0)
        self._scatter = np.zeros(0)
        self._scattered = np.zeros(0)
        self._season = [np.zeros((size, 0)) for size in TIER_SIZES[config.grain]]
        self._visits = [np.zeros((size, 0)) for size in TIER_SIZES[config.grain]]
        self.grow(groups)

    def grow(self, groups: Sequence[int]) -> None:
        """Take in series that appeared later; `groups` begins with those of the series known before."""
        more = len(groups) - self._groups.size
        if more < 0 or not np.array_equal(np.asarray(groups, dtype=np.float64)[: self._groups.size], self._groups):
            raise ValueError("groups must begin with those of the series known before")
        self._groups = np.asarray(groups, dtype=np.float64)
        for name in ("_level", "_seen", "_streak", "_scatter", "_scattered"):
            setattr(self, name, np.append(getattr(self, name), np.zeros(more)))
        self._season = [np.pad(tier, ((0, 0), (0, more))) for tier in self._season]
        self._visits = [np.pad(tier, ((0, 0), (0, more))) for tier in self._visits]

    def judge(self, slot: int, numerator: Floats, denominator: Floats) -> Judgement:
        """Judge one bucket without learning it: the value is numerator / denominator, both [S]."""
        config = self.config
        value, known = _value(numerator, denominator)
        week = BUCKETS_PER_WEEK[config.grain]
        enough = (self._seen >= config.minimum_history * week) & (self._scattered >= _FREEDOM[0])
        judged = known & enough & (denominator >= config.minimum_denominator)
        expected, deviation = self._expected(slot), self._deviation()
        freedom = np.clip(self._scattered, *_FREEDOM)
        reach = deviation * _quantile(config.log_alpha(value.size), freedom)
        log_tail = _log_tail(self._bad(value - expected) / deviation, freedom)
        if config.direction == "both":
            log_tail = np.minimum(log_tail + np.log(2.0), 0.0)
        effect = np.abs(value - expected)
        outside = self._bad(value - expected) > reach
        big = (effect >= config.minimum_effect) & (effect >= config.minimum_relative_effect * np.abs(expected))
        shown = np.where(judged, 1.0, np.nan)
        depth = np.where(judged, -log_tail / np.log(10.0), 0.0)
        return Judgement(
            observed=np.where(known, value, np.nan),
            expected=shown * expected,
            usual=shown * expected,
            common=np.zeros(value.size),
            lower=shown * (expected - reach),
            upper=shown * (expected + reach),
            log_tail=np.where(judged, log_tail, 0.0),
            score=np.where(np.isfinite(depth), depth / (3.0 + depth), 1.0),
            anomalous=judged & outside & big,
            side=np.where(judged, np.sign(value - expected), 0.0),
            judged=judged,
        )

    def learn(self, slot: int, numerator: Floats, denominator: Floats, mask: Flags | None = None) -> None:
        """Learn one bucket after it was judged; series with mask[s] true learn nothing from it."""
        value, known = _value(numerator, denominator)
        which = known if mask is None else known & ~mask
        week = BUCKETS_PER_WEEK[self.config.grain]
        self._level = np.where(which & (self._seen == 0), value, self._level)
        residual = np.where(which, value - self._expected(slot), 0.0)
        deviation = self._deviation()
        settled = which & (self._seen >= week) & (self._scattered >= _FREEDOM[0])
        shifting = self._follow_shifts(residual, deviation, settled)
        limit = np.where(settled & ~shifting, _CLIP * deviation, np.inf)
        clipped = np.clip(residual, -limit, limit)
        self._learn_scatter(clipped, which & (self._seen >= week) & ~shifting, week)
        gain = np.where(shifting, _SHIFT_GAIN, np.maximum(1.0 / (self._seen + 1.0), _LEVEL_GAIN[self.config.grain]))
        self._level += np.where(which, gain * clipped, 0.0)
        left = np.where(which, (1.0 - gain) * clipped, 0.0)
        for tier, cell in enumerate(tier_cells(self.config.grain, slot)):
            visits = self._visits[tier][cell]
            step = np.where(which & ~shifting, left * np.maximum(1.0 / (visits + _SHRINK), _SEASON_GAIN), 0.0)
            self._season[tier][cell] += step
            self._visits[tier][cell] += which
            left = left - step
        self._seen = self._seen + which

    def dump(self) -> dict[str, Floats]:
        """The whole state as named arrays; `load` with the same config continues bit by bit the same."""
        plain = {name: getattr(self, f"_{name}").copy() for name in _PLAIN}
        tiers = {f"season.{at}": tier.copy() for at, tier in enumerate(self._season)}
        return plain | tiers | {f"visits.{at}": tier.copy() for at, tier in enumerate(self._visits)}

    @classmethod
    def load(cls, config: SeasonalConfig, named: Mapping[str, Floats]) -> LevelDetector:
        """A detector that continues where `dump` was taken."""
        detector = cls(config, [int(group) for group in named["groups"]])
        for name in _PLAIN:
            setattr(detector, f"_{name}", np.asarray(named[name], dtype=np.float64).copy())
        tiers = range(len(TIER_SIZES[config.grain]))
        detector._season = [np.asarray(named[f"season.{at}"], dtype=np.float64).copy() for at in tiers]
        detector._visits = [np.asarray(named[f"visits.{at}"], dtype=np.float64).copy() for at in tiers]
        return detector

    def _expected(self, slot: int) -> Floats:
        cells = tier_cells(self.config.grain, slot)
        return np.asarray(self._level + sum(self._season[tier][cell] for tier, cell in enumerate(cells)))

    def _deviation(self) -> Floats:
        least = _LEAST_SCATTER * np.maximum(np.abs(self._level), 1e-9)
        return np.asarray(np.maximum(np.sqrt(self._scatter), least))

    def _learn_scatter(self, residual: Floats, which: Flags, week: int) -> None:
        self._scattered = self._scattered + which
        gain = np.maximum(1.0 / np.maximum(self._scattered, 1.0), 1.0 - 0.5 ** (1.0 / (_SCATTER_WEEKS * week)))
        self._scatter += np.where(which, gain * (residual**2 - self._scatter), 0.0)

    def _follow_shifts(self, residual: Floats, deviation: Floats, which: Flags) -> Flags:
        """Count buckets in a row far off on one side; true where that has lasted: the level follows quickly."""
        outward = np.where(np.abs(residual) > _CLIP * deviation, np.sign(residual), 0.0)
        streak = np.where(outward * self._streak > 0, self._streak + outward, outward)
        self._streak = np.where(which, streak, self._streak)
        lasting = np.abs(self._streak) >= (self.config.shift_after or _SHIFT_AFTER[self.config.grain])
        return np.asarray(which & lasting)

    def _bad(self, difference: Floats) -> Floats:
        """How far to the bad side; below 0 on the good one."""
        if self.config.direction == "down":
            return -difference
        return difference if self.config.direction == "up" else np.abs(difference)


_PLAIN = ("groups", "level", "seen", "streak", "scatter", "scattered")


def _value(numerator: Floats, denominator: Floats) -> tuple[Floats, Flags]:
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(denominator > 0, numerator / denominator, np.nan)
    known = np.isfinite(value)
    return np.where(known, value, 0.0), known


def _quantile(log_alpha: Floats, freedom: Floats) -> Floats:
    """How many deviations a value of Student's t passes with this probability, on one side."""
    z = np.array([-NormalDist().inv_cdf(max(float(np.exp(one)), 1e-300)) for one in log_alpha])
    wide = z * (8.0 * freedom + 3.0) / (8.0 * freedom + 1.0)
    return np.asarray(np.sqrt(freedom * np.expm1(np.minimum(wide**2 / freedom, 700.0))))


def _log_tail(t: Floats, freedom: Floats) -> Floats:
    """Natural logarithm of the probability of a Student's t beyond `t`."""
    z = np.sqrt(freedom * np.log1p(t**2 / freedom)) * (8.0 * freedom + 1.0) / (8.0 * freedom + 3.0)
    upper = np.array([_log_normal_tail(float(one)) for one in z])
    return np.where(t >= 0, upper, np.log1p(-np.exp(np.minimum(upper, np.log(0.5)))))


def _log_normal_tail(z: float) -> float:
    """log P(Z > z), z >= 0; beyond 30 by the asymptotic series, whose first term errs by less than 1e-3 there."""
    if z > 30.0:
        return -0.5 * z * z - log(z * sqrt(2.0 * pi))
    return log(0.5 * erfc(z / sqrt(2.0)))
