"""How far rows usually lie from what was expected: by hour of the day, shrunk to the whole, never below a coarse floor.

The coarse scatter counts jumps and residuals almost unclipped; a share of it, growing with history, is the least that
is believed: series that rest at one value and burst now and then would otherwise be surprised by each burst.
Mean absolute residuals are multiplied by 1.25, which makes them standard deviations where residuals are normal.
"""

from __future__ import annotations

import numpy as np

from metricloop.detect.engine.experts import rate_of
from metricloop.detect.engine.rhythm import Places, Rhythm
from metricloop.detect.engine.settings import Settings
from metricloop.kernel.series import Flags, Floats

_TO_DEVIATION = 1.25
_MOVES = 12.0


class Scatter:
    """State of S series; row 0 of each pair is for the fast expectation, row 1 for the slow one."""

    def __init__(self, rhythm: Rhythm, settings: Settings) -> None:
        series = rhythm.step.size
        self._settings = settings
        self._at = np.arange(series)
        self._share = 24.0 / np.maximum(rhythm.per_day, 24.0)
        self._rate = rate_of(np.maximum(settings.scale_days * rhythm.per_day, 40.0))
        self._wide_rate = rate_of(np.maximum(settings.wide_days * rhythm.per_day, 40.0))
        self.whole = np.zeros((2, series))
        self.hours = np.zeros((2, 24, series), dtype=np.float32)
        self.hours_seen = np.zeros((24, series), dtype=np.float32)
        self.wide = np.zeros(series)
        self.moves = np.zeros(series)

    def deviation(self, places: Places, rows: Floats, level: Floats) -> Floats:
        """Standard deviations, [2, S]; never 0."""
        settings = self._settings
        seen = self.hours_seen[places.hour, self._at]
        prior = settings.slot_prior
        mixed = (seen * self.hours[:, places.hour, self._at] + prior * self.whole) / (seen + prior)
        believed = settings.wide_floor + settings.wide_growth * rows / (rows + settings.growth_rows)
        least = np.maximum(believed * self.wide, settings.level_floor * np.abs(level)) + 1e-9 * (1.0 + np.abs(level))
        return np.asarray(_TO_DEVIATION * np.maximum(np.maximum(mixed, settings.slot_floor * self.whole), least))

    def knows(self) -> Flags:
        """Whether the series has moved often enough to say how much it moves."""
        return np.asarray(self.moves >= _MOVES)

    def learn(
        self, places: Places, rows: Floats, residuals: Floats, jump: Floats, level: Floats, learns: Flags
    ) -> None:
        """`residuals`: absolute, clipped, [2, S], fast first; `jump`: the larger of unclipped residual and step."""
        settings, taken = self._settings, learns.astype(np.float64)
        first = 1.0 / (rows + 1.0)
        self.whole = self.whole + np.maximum(self._rate, first) * taken * (residuals - self.whole)
        hour, at = places.hour, self._at
        rate = np.maximum(1 / (self.hours_seen[hour, at] + 1), settings.hour_rate * self._share) * taken
        self.hours[:, hour, at] += rate * (residuals - self.hours[:, hour, at])
        self.hours_seen[hour, at] += taken * self._share
        tiny = 1e-9 * (1.0 + np.abs(level))
        most = np.where(self.moves < _MOVES, np.inf, settings.wide_clip * self.wide + tiny)
        self.wide = self.wide + np.maximum(self._wide_rate, first) * taken * (np.minimum(jump, most) - self.wide)
        self.moves = self.moves + (jump > tiny) * taken
