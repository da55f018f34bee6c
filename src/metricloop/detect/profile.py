"""An additive seasonal profile per series on the scale of log or log-odds, learnt one bucket at a time.

usual = level + one value per tier (hour of day, hour of week; or weekday). Each part is a discounted Newton step on the
score: recursive maximum likelihood with exponential forgetting (discounting after West and Harrison). A prior
information makes finer tiers trust their data later (shrinkage), and each is given only what the coarser left over.
Arrays are per series; no series is handled alone.
Does not do: trends (the level follows by forgetting), clipping (the caller hands in clipped scores).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metricloop.detect.slots import BUCKETS_PER_WEEK, TIER_SIZES, tier_cells
from metricloop.kernel.grain import Grain
from metricloop.kernel.series import Flags, Floats

_SHIFT_KEEPS = 0.3


@dataclass(frozen=True)
class Memory:
    """Half-lives in weeks; prior standard deviations on the log scale (a smaller one shrinks more)."""

    level_weeks: float
    season_weeks: float
    level_deviation: float
    season_deviation: float


class SeasonalProfile:
    """Level and tiers of S series; series 0 is the total and remembers its own way, all others are parts of it."""

    def __init__(self, grain: Grain, total: Memory, part: Memory) -> None:
        self.grain = grain
        self._memories = (total, part)
        self.level = np.zeros(0)
        self.level_information = np.zeros(0)
        self.tiers = [np.zeros((size, 0)) for size in TIER_SIZES[grain]]
        self.tier_information = [np.zeros((size, 0)) for size in TIER_SIZES[grain]]
        self._spread_out()

    def _spread_out(self) -> None:
        """One column of memory constants per series, so that a step needs no choice by series."""
        total, part = self._memories
        which = np.minimum(np.arange(self.level.size), 1)
        per_week = BUCKETS_PER_WEEK[self.grain]
        self._level_keeps = np.array([0.5 ** (1.0 / (m.level_weeks * per_week)) for m in (total, part)])[which]
        self._level_prior = np.array([m.level_deviation**-2 for m in (total, part)])[which]
        self._season_prior = np.array([m.season_deviation**-2 for m in (total, part)])[which]
        self._season_keeps = [
            np.array([0.5 ** (size / (m.season_weeks * per_week)) for m in (total, part)])[which]
            for size in TIER_SIZES[self.grain]
        ]

    def grow(self, count: int) -> None:
        """Make room for `count` series in all; new ones start at zero with no information."""
        more = count - self.level.size
        self.level = np.append(self.level, np.zeros(more))
        self.level_information = np.append(self.level_information, np.zeros(more))
        self.tiers = [np.pad(table, ((0, 0), (0, more))) for table in self.tiers]
        self.tier_information = [np.pad(table, ((0, 0), (0, more))) for table in self.tier_information]
        self._spread_out()

    def usual(self, slot: int) -> Floats:
        """The usual value on the log scale in this slot."""
        value = self.level.copy()
        for table, cell in zip(self.tiers, tier_cells(self.grain, slot), strict=True):
            value += table[cell]
        return value

    def doubt(self, slot: int) -> Floats:
        """The variance of `usual` that comes from having seen little."""
        value: Floats = 1.0 / (self.level_information + self._level_prior)
        for table, cell in zip(self.tier_information, tier_cells(self.grain, slot), strict=True):
            value += 1.0 / (table[cell] + self._season_prior)
        return value

    def start(self, slot: int, value: Floats, which: Flags) -> None:
        """Put the level of brand-new series where `usual` becomes `value`."""
        self.level = np.where(which, self.level + value - self.usual(slot), self.level)

    def shift(self, which: Flags) -> None:
        """Forget most of what the level of these series rests on, so that it follows a lasting change quickly."""
        self.level_information = np.where(which, _SHIFT_KEEPS * self.level_information, self.level_information)

    def learn(self, slot: int, score: Floats, information: Floats, which: Flags) -> None:
        """One step: `score` is the derivative of the log likelihood, `information` its expected curvature."""
        left = np.where(which, score, 0.0)
        seen = np.where(which, information, 0.0)
        kept = np.where(which, self._level_keeps * self.level_information, self.level_information)
        gain = 1.0 / (kept + self._level_prior + np.maximum(seen, np.abs(left)))
        self.level = self.level + gain * left
        self.level_information = kept + seen
        left = left * (1.0 - gain * seen)
        for i, cell in enumerate(tier_cells(self.grain, slot)):
            known = self.tier_information[i][cell]
            kept = np.where(which, self._season_keeps[i] * known, known)
            gain = 1.0 / (kept + self._season_prior + np.maximum(seen, np.abs(left)))
            self.tiers[i][cell] += gain * left
            self.tier_information[i][cell] = kept + seen
            left = left * (1.0 - gain * seen)

    def arrays(self) -> dict[str, Floats]:
        """The whole state by name; `restore` takes it back."""
        named: dict[str, Floats] = {"level": self.level, "level_information": self.level_information}
        for i, (table, information) in enumerate(zip(self.tiers, self.tier_information, strict=True)):
            named |= {f"tier_{i}": table, f"tier_information_{i}": information}
        return {name: array.copy() for name, array in named.items()}

    def restore(self, named: dict[str, Floats]) -> None:
        """Continue exactly where `arrays` left off."""
        self.level, self.level_information = named["level"].copy(), named["level_information"].copy()
        self.tiers = [named[f"tier_{i}"].copy() for i in range(len(self.tiers))]
        self.tier_information = [named[f"tier_information_{i}"].copy() for i in range(len(self.tiers))]
        self._spread_out()
