"""The engine: judge a row of many series, then learn it.

What a row is worth, as depth (minus the decimal logarithm of a tail probability), is the largest of three channels:
* point: the value against the fast expectation
* sustained: a running mean of departures from the slow expectation, clipped, so that it takes several
* flatline: a value that repeats longer than it ever did, in a series that has moved
A lasting shift (a day on one side of the slow band) makes the level follow at once; `Verdict.shifted` says so.
The band is the point channel's law inverted at the threshold; where only the sustained channel speaks, its law.

Causal: nothing but rows that were learnt goes into a verdict. All arrays are [S]. NaN is missing: no verdict, not
learnt, depth 0. Does not do: raise "no data" (freshness is the caller's), read clocks, know budgets (see `alarms`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metricloop.detect.engine.experts import Experts, Forecast, Limits, rate_of
from metricloop.detect.engine.rhythm import Places, Rhythm
from metricloop.detect.engine.scatter import Scatter
from metricloop.detect.engine.settings import Direction, Settings
from metricloop.detect.engine.stillness import Stillness
from metricloop.detect.engine.surprise import Surprise, TailPrior
from metricloop.kernel.series import Flags, Floats

_MOST = 1000.0
_MOST_UNKNOWN = 8.0
_PACE = TailPrior()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one row, [S]. depth: 0 or more, by the sides that count. judged: there was a value and enough history.

    expected, lower, upper: NaN where not judged. side: -1 below the expectation, 1 above. shifted: the level follows.
    """

    depth: Floats
    expected: Floats
    lower: Floats
    upper: Floats
    side: Floats
    judged: Flags
    shifted: Flags


@dataclass(frozen=True, slots=True)
class _Seen:
    """What `judge` found and `learn` needs."""

    told: Forecast
    deviation: Floats
    fast: Floats
    slow: Floats
    judged: Flags
    same: Flags


class Engine:
    """State of S series with their rhythms. Rows go in by `judge`, then `learn`, in order of time."""

    def __init__(self, rhythm: Rhythm, settings: Settings | None = None, direction: Direction = "both") -> None:
        self._settings = settings or Settings()
        self._direction = direction
        series = rhythm.step.size
        self._experts = Experts(rhythm, self._settings)
        self._scatter = Scatter(rhythm, self._settings)
        self._point = Surprise(series, _PACE)
        self._lasting = Surprise(series, _PACE)
        self._still = Stillness(series)
        self._shift_rows = np.maximum(self._settings.shift_hours * 3600 / rhythm.step, 12.0)
        self._mean_rate = rate_of(np.maximum(self._settings.sustained_hours * 3600 / rhythm.step, 3.0))
        self._mean_scale = np.sqrt(self._mean_rate / (2 - self._mean_rate)) * self._settings.sustained_scale
        self._mean = np.zeros(series)
        self._rows = np.zeros(series)
        self._previous = np.full(series, np.nan)
        self._streak = np.zeros(series)

    def judge(
        self, values: Floats, places: Places, threshold: Floats, drawn: Floats, widen: Floats
    ) -> tuple[Verdict, _Seen]:
        """`threshold`: depth of an alarm, [S]; `drawn`: depth of the band; `widen`: factor on the scatter (1: none)."""
        known = np.isfinite(values)
        self._experts.begin(values, known & (self._rows == 0))
        told = self._experts.forecast(places, self._rows)
        deviation = self._scatter.deviation(places, self._rows, self._experts.base) * widen
        judged = known & (self._rows >= self._settings.cold_rows)
        most = np.where(self._scatter.knows(), _MOST, _MOST_UNKNOWN)
        fast = np.where(judged, np.clip((values - told.fast) / deviation[0], -most, most), 0.0)
        slow = np.where(judged, np.clip((values - told.slow) / deviation[1], -most, most), 0.0)
        same = known & (values == self._previous)
        seen = _Seen(told, deviation, fast, slow, judged, same)
        return self._verdict(values, seen, threshold, drawn), seen

    def _verdict(self, values: Floats, seen: _Seen, threshold: Floats, drawn: Floats) -> Verdict:
        settings = self._settings
        step = np.clip(seen.slow, -settings.sustained_clip, settings.sustained_clip)
        mean = (self._mean + self._mean_rate * (step - self._mean)) / self._mean_scale
        point = self._sided(self._point.depth(seen.fast), seen.fast)
        lasting = np.maximum(self._sided(self._lasting.depth(mean), mean) - settings.sustained_less, 0.0)
        flat = np.where(self._scatter.knows(), self._still.depth(seen.same), 0.0)
        by_mean = (lasting >= threshold) & (point < threshold)
        reach = self._point.reach(drawn) * seen.deviation[0]
        lower, upper = seen.told.fast - reach[1], seen.told.fast + reach[0]
        edges = self._edges(seen, threshold)
        shown = np.where(seen.judged, 1.0, np.nan)
        return Verdict(
            depth=np.where(seen.judged, np.maximum(np.maximum(point, lasting), flat), 0.0),
            expected=shown * np.where(by_mean, seen.told.slow, seen.told.fast),
            lower=shown * np.where(by_mean, edges[0], lower),
            upper=shown * np.where(by_mean, edges[1], upper),
            side=np.where(seen.judged, np.sign(np.where(by_mean, mean, seen.fast)), 0.0),
            judged=seen.judged,
            shifted=seen.judged & (np.abs(self._streak) >= self._shift_rows),
        )

    def _edges(self, seen: _Seen, threshold: Floats) -> tuple[Floats, Floats]:
        """The values at which the sustained channel alone would begin to speak."""
        reach = self._lasting.reach(threshold + self._settings.sustained_less) * self._mean_scale
        kept = (1 - self._mean_rate) * self._mean
        lower = seen.told.slow + (-reach[1] - kept) / self._mean_rate * seen.deviation[1]
        upper = seen.told.slow + (reach[0] - kept) / self._mean_rate * seen.deviation[1]
        return lower, upper

    def _sided(self, depth: Floats, z: Floats) -> Floats:
        if self._direction == "both":
            return depth
        return np.where((z > 0) == (self._direction == "up"), depth, 0.0)

    def learn(self, values: Floats, places: Places, seen: _Seen, masked: Flags) -> None:
        """Learn the row that was just judged; nothing where it is masked or missing."""
        learns = np.isfinite(values) & ~masked
        value = np.where(learns, values, 0.0)
        settings, deviation = self._settings, seen.deviation
        young = self._rows < settings.cold_rows
        residual = np.where(learns, value - np.stack([seen.told.fast, seen.told.slow]), 0.0)
        clip = np.where(young, np.inf, settings.clip * deviation)
        shifting = self._follow(residual[1], settings.clip * deviation[1], learns & ~young)
        slow_clip = np.where(shifting, np.inf, clip[1])
        limits = Limits(
            learns,
            shifting,
            slow=slow_clip,
            near=np.where(young, np.inf, settings.fast_clip * deviation[0]),
            slow_error=np.where(young, np.inf, settings.error_clip * deviation[1]),
            fast_error=np.where(young, np.inf, settings.error_clip * deviation[0]),
        )
        self._experts.learn(np.where(learns, value, seen.told.slow), seen.told, places, self._rows, limits)
        self._learn_scatter(value, residual, np.stack([clip[0], slow_clip]), places, learns)
        self._point.learn(seen.fast, learns & seen.judged)
        step = np.clip(seen.slow, -settings.sustained_clip, settings.sustained_clip)
        moved = self._mean + self._mean_rate * (step - self._mean)
        self._mean = np.where(learns & seen.judged, moved, self._mean)
        self._lasting.learn(self._mean / self._mean_scale, learns & seen.judged)
        self._still.learn(seen.same, learns)
        self._rows = self._rows + learns
        self._previous = np.where(np.isfinite(values), values, self._previous)

    def _learn_scatter(self, value: Floats, residual: Floats, clip: Floats, places: Places, learns: Flags) -> None:
        step = np.where(learns & np.isfinite(self._previous), np.abs(value - self._previous), 0.0)
        jump = np.maximum(step, np.abs(residual[1]))
        within = np.minimum(np.abs(residual), clip)
        self._scatter.learn(places, self._rows, within, jump, self._experts.base, learns)

    def _follow(self, residual: Floats, far: Floats, learns: Flags) -> Flags:
        """Rows in a row far off on one side; true where that has lasted."""
        outward = np.where(np.abs(residual) > far, np.sign(residual), 0.0)
        streak = np.where(outward * self._streak > 0, self._streak + outward, outward)
        self._streak = np.where(learns, streak, self._streak)
        return np.asarray(learns & (np.abs(self._streak) >= self._shift_rows))
