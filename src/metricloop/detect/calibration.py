"""Does the law keep its promises? Tails stretched by what the past of a group showed.

If a law is right, the logarithm of a tail that fell below 10 % exceeds that bound by one on average, one time in ten.
Where the past exceeded more (heavier tails, or more often), the logarithm beyond 10 % is divided by that factor:
a generalised Pareto idea with one number per group and side (after Pickands and SPOT), discounted, shrunk to 1, and
never below 1, so calibration can only make verdicts more careful. Each excess is capped, so that an event does not
calibrate itself away.
Does not do: sharpen a law that is too careful; change anything above 10 %.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from metricloop.kernel.series import Flags, Floats

BOUND = float(np.log(0.1))
_CAP = 3.0
_USUAL = 0.1 * (1.0 - float(np.exp(-_CAP)))
_PRIOR_BUCKETS = 300.0
_LARGEST = 3.0


class TailCalibration:
    """Stretch of G groups; `half_life` in buckets. Sides: row 0 the lower tail, row 1 the upper."""

    def __init__(self, half_life: float) -> None:
        self._keeps = 0.5 ** (1.0 / half_life)
        self.excess = np.zeros((2, 0))
        self.buckets = np.zeros(0)
        self._groups = np.zeros(0, dtype=np.intp)

    def grow(self, groups: NDArray[np.intp]) -> None:
        """Make room for more series; `groups[s]` is the group of series s."""
        more = int(groups.max(initial=0)) + 1 - self.buckets.size
        self.excess = np.pad(self.excess, ((0, 0), (0, max(more, 0))))
        self.buckets = np.append(self.buckets, np.zeros(max(more, 0)))
        self._groups = groups

    def stretch(self) -> Floats:
        """[2, S]: by how much the logarithm of either tail is to be divided beyond 10 %; 1 is a law that is right."""
        seen = (self.excess / _USUAL + _PRIOR_BUCKETS) / (self.buckets + _PRIOR_BUCKETS)
        return np.asarray(np.clip(seen, 1.0, _LARGEST)[:, self._groups])

    def learn(self, log_tails: Floats, which: Flags) -> None:
        """log_tails: [2, S], as the law had them."""
        beyond = np.where(which, np.clip(BOUND - log_tails, 0.0, _CAP), 0.0)
        size = self.buckets.size
        told = np.stack([np.bincount(self._groups, side, size) for side in beyond])
        self.excess = self._keeps * self.excess + told
        self.buckets = self._keeps * self.buckets + np.bincount(self._groups, which.astype(np.float64), size)

    def arrays(self) -> dict[str, Floats]:
        """The whole state by name; `restore` takes it back."""
        return {"excess": self.excess.copy(), "buckets": self.buckets.copy()}

    def restore(self, named: dict[str, Floats]) -> None:
        """Continue exactly where `arrays` left off."""
        self.excess, self.buckets = named["excess"].copy(), named["buckets"].copy()


def calibrated(log_tail: Floats, stretch: Floats) -> Floats:
    """The log tail probability that the past supports."""
    return np.asarray(np.where(log_tail < BOUND, BOUND + (log_tail - BOUND) / stretch, log_tail))


def as_the_law_has_it(log_alpha: Floats, stretch: Floats) -> Floats:
    """The inverse of `calibrated`: where to cut the law so that `log_alpha` is kept."""
    return np.asarray(np.where(log_alpha < BOUND, BOUND + (log_alpha - BOUND) * stretch, log_alpha))
