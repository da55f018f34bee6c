"""Three running expectations of each series, mixed by how well each did lately.

* level: the usual height alone
* daily: level and a profile over the slots of the day, from one and a half days on
* weekly: daily and a profile over the slots of the week, from a week on

Each exists twice: slow (what is usual here) and fast (usual, and what the last rows departed from it). The mix weighs
by discounted absolute error, so that a series without seasons is not made to have one.
From: West and Harrison (1997), discounted learning; Herbster and Warmuth (1998), tracking the best expert.
Does not do: trends beyond what the level follows; months; years.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metricloop.detect.engine.rhythm import Places, Rhythm
from metricloop.detect.engine.settings import Settings
from metricloop.kernel.series import Flags, Floats

_DAILY_FROM, _WEEKLY_FROM = 1.5, 7.5
_FASTEST = 1.0


@dataclass(frozen=True, slots=True)
class Forecast:
    """Of one row, [S]: the fast and the slow mix, and what each expert says ([3, S])."""

    fast: Floats
    slow: Floats
    each_fast: Floats
    each_slow: Floats


def rate_of(half_life: Floats) -> Floats:
    """The share of a new row in a running mean with this half-life in rows."""
    return np.asarray(1.0 - 0.5 ** (1.0 / half_life))


class Experts:
    """State of S series. `rows` seen so far is kept by the caller."""

    def __init__(self, rhythm: Rhythm, settings: Settings) -> None:
        series, slots = rhythm.step.size, int(rhythm.slots.max(initial=1))
        self._settings, self._per_day = settings, rhythm.per_day
        self._at = np.arange(series)
        self.base = np.zeros(series)
        self.level = np.zeros(series)
        self.near = np.zeros((3, series))  # of the level expert the fast level itself, of the others the departure
        self.errors = np.zeros((6, series))
        self.day = np.zeros((slots, series), dtype=np.float32)
        self.day_seen = np.zeros((slots, series), dtype=np.float32)
        self.week = np.zeros((7 * slots, series), dtype=np.float32)
        self.week_seen = np.zeros((7 * slots, series), dtype=np.float32)
        self._slow_rate = rate_of(settings.level_days * np.maximum(rhythm.per_day, 3.0))
        self._fast_rate = rate_of(np.maximum(settings.fast_hours * 3600 / rhythm.step, _FASTEST))
        self._error_rate = rate_of(np.maximum(settings.error_days * rhythm.per_day, 20.0))

    def begin(self, value: Floats, new: Flags) -> None:
        """The first value of a series is its first level."""
        self.base = np.where(new, value, self.base)
        self.level = np.where(new, value, self.level)
        self.near[0] = np.where(new, value, self.near[0])

    def forecast(self, places: Places, rows: Floats) -> Forecast:
        daily = self.level + self.day[places.day, self._at]
        each_slow = np.stack([self.base, daily, daily + self.week[places.week, self._at]])
        each_fast = each_slow + self._settings.carry * self.near
        each_fast[0] = self.near[0]
        unready = np.stack([rows < 0, rows < _DAILY_FROM * self._per_day, rows < _WEEKLY_FROM * self._per_day])
        tiny = 1e-12 * (1.0 + np.abs(self.base))
        weight = np.where(np.tile(unready, (2, 1)), 0.0, (self.errors + tiny) ** -self._settings.sharpness)
        slow, fast = weight[:3] / weight[:3].sum(axis=0), weight[3:] / weight[3:].sum(axis=0)
        return Forecast((fast * each_fast).sum(axis=0), (slow * each_slow).sum(axis=0), each_fast, each_slow)

    def learn(
        self,
        value: Floats,
        told: Forecast,
        places: Places,
        rows: Floats,
        limits: Limits,
    ) -> None:
        """Learn one row, residuals clipped to `limits`; where `limits.learns` is false nothing changes."""
        settings, learns, shifting = self._settings, limits.learns.astype(np.float64), limits.shifting
        first = 1.0 / (rows + 1.0)
        residual = value - told.each_slow
        clipped = np.clip(residual, -limits.slow, limits.slow)
        level_rate = np.maximum(self._slow_rate, first)
        level_rate = np.where(shifting, np.maximum(level_rate, settings.shift_rate), level_rate) * learns
        self.base = self.base + level_rate * clipped[0]
        self.level = self.level + level_rate * clipped[1]
        seasonal = np.where(shifting, 0.0, learns)
        day, week, at = places.day, places.week, self._at
        self.day[day, at] += np.maximum(1 / (self.day_seen[day, at] + 1.5), settings.day_rate) * seasonal * clipped[1]
        self.week[week, at] += (
            np.maximum(1 / (self.week_seen[week, at] + 2), settings.week_rate) * seasonal * clipped[2]
        )
        self.day_seen[day, at] += learns
        self.week_seen[week, at] += learns
        fast_rate = np.maximum(self._fast_rate, first) * learns
        departed = residual - self.near
        departed[0] = value - self.near[0]
        self.near = self.near + fast_rate * np.clip(departed, -limits.near, limits.near)
        errors = np.abs(np.concatenate([residual, value - told.each_fast]))
        most = np.concatenate([np.tile(limits.slow_error, (3, 1)), np.tile(limits.fast_error, (3, 1))])
        self.errors = self.errors + np.maximum(self._error_rate, first) * learns * (
            np.minimum(errors, most) - self.errors
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a row may be learnt, [S]: largest residuals, in the unit of the values; whether at all."""

    learns: Flags
    shifting: Flags
    slow: Floats
    near: Floats
    slow_error: Floats
    fast_error: Floats
