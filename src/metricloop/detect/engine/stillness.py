"""Flat lines: a value that repeats much longer than it ever did in this series.

Repeats are taken for a coin whose share of heads is learnt, never believed rarer than a half, and only what goes beyond
twice the longest run so far counts: nightly zeros are surprising once.
"""

from __future__ import annotations

import numpy as np

from metricloop.kernel.series import Flags, Floats

_PRIOR = 10.0
_LEAST, _MOST = 0.6, 0.999
_YOUNG = 100.0


class Stillness:
    """State of S series."""

    def __init__(self, series: int) -> None:
        self.run = np.zeros(series)
        self.longest = np.zeros(series)
        self.repeats = np.zeros(series)
        self.rows = np.zeros(series)

    def depth(self, same: Flags) -> Floats:
        """How surprising this row is as one more of the same; 0 where it differs from the row before."""
        share = np.clip((self.repeats + _PRIOR / 2) / (self.rows + _PRIOR), _LEAST, _MOST)
        extra = np.maximum(self.run + 1.0 - 2.0 * self.longest, 0.0)
        told = same & (self.rows >= _YOUNG)
        return np.asarray(np.where(told, -extra * np.log10(share), 0.0))

    def learn(self, same: Flags, learns: Flags) -> None:
        """Learn one row. The running streak counts as a longest run only when it has ended."""
        ended = learns & ~same
        self.longest = np.where(ended, np.maximum(self.longest, self.run), self.longest)
        self.run = np.where(learns, np.where(same, self.run + 1.0, 0.0), self.run)
        self.repeats = self.repeats + np.where(learns & same & (self.run <= 2 * self.longest + 1), 1.0, 0.0)
        self.rows = self.rows + learns
