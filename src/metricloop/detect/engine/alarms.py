"""From depth to alarms: the threshold that keeps a budget, and runs of alarms as one.

The threshold grows with the logarithm of the rows of a week, by less than one for one: rows of a short step come in
clusters, and a cluster is one alarm. Slope and offset are one pair for all series and were set on development data.
"""

from __future__ import annotations

import numpy as np

from metricloop.detect.engine.rhythm import Rhythm
from metricloop.detect.engine.settings import Alarming
from metricloop.kernel.series import Flags, Floats

_SLOPE = 0.62
_OFFSET = 0.64
_LEAST_DEPTH = 1.0
_HALF = 3.0


def thresholds(rhythm: Rhythm, alarming: Alarming) -> Floats:
    """Depth of an alarm, [S]; never below 1 in 10, whatever the budget."""
    rows = np.log10(np.maximum(rhythm.per_week, 1.0))
    return np.asarray(np.maximum(_OFFSET + _SLOPE * rows - np.log10(alarming.budget), _LEAST_DEPTH))


def drawn_depth(threshold: Floats, alarming: Alarming) -> Floats:
    """Depth at which the drawn band lies: that of the verdict, or half of what a coverage leaves out on either side."""
    if alarming.coverage is None:
        return threshold
    return np.full(threshold.size, -np.log10((1.0 - alarming.coverage) / 2.0))


def scores(depth: Floats) -> Floats:
    """0 at probability 1, one half at 1e-3, 1 at none."""
    return np.asarray(depth / (_HALF + depth))


class Runs:
    """Joins alarms: one lasts until it has been quiet for long enough. State of S series."""

    def __init__(self, rhythm: Rhythm, alarming: Alarming) -> None:
        self._quiet = np.maximum(np.floor(alarming.quiet_hours * 3600 / rhythm.step), 2.0)
        self._left = np.zeros(rhythm.step.size)

    def take(self, outside: Flags) -> Flags:
        """One row: whether the series is in an alarm now."""
        within = outside | (self._left > 0)
        self._left = np.where(outside, self._quiet, np.maximum(self._left - 1.0, 0.0))
        return np.asarray(within)
