"""How much a series scatters beyond its counting noise, learnt from its own past residuals.

On the scale of log or log-odds the variance of a bucket is
    own + sensitivity * common^2
where `own` belongs to a series (shrunk to the mean of its group while young) and `sensitivity` to a group: parts do not
all take the same share of a common storm, so they scatter more when the common effect is large. Both are discounted
moment estimates (Pearson residuals in excess of the count law, clipped by the caller), weighted by how far a bucket
can tell scatter from counting noise. Series 0 is the total, alone in group 0, without a common effect.
Does not do: scatter by slot of the week; scatter below the count law (it is taken as zero).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from metricloop.kernel.series import Flags, Floats

Whole = NDArray[np.intp]

_OWN_PRIOR_BUCKETS = 10.0
_GROUP_PRIOR_BUCKETS = 20.0
_SENSITIVITY_PRIOR_BUCKETS = 20.0
_LEAST_VARIANCE = 1e-3


class Spread:
    """Variances of S series in G groups; `half_life` in buckets, `priors` the first (total, part) own variance."""

    def __init__(self, half_life: float, priors: tuple[float, float], sensitivity: float) -> None:
        self._keeps = 0.5 ** (1.0 / half_life)
        self._priors = priors
        self._sensitivity_prior = sensitivity
        self.own_sum = np.zeros(0)
        self.own_weight = np.zeros(0)
        self.sensitivity_sum = np.zeros(0)
        self.sensitivity_weight = np.zeros(0)
        self._groups = np.zeros(0, dtype=np.intp)
        self._cached: tuple[Floats, Floats] | None = None

    def grow(self, groups: Whole) -> None:
        """Make room for more series; `groups[s]` is the group of series s, 0 the total's."""
        more = groups.size - self.own_sum.size
        self.own_sum = np.append(self.own_sum, np.zeros(more))
        self.own_weight = np.append(self.own_weight, np.zeros(more))
        wider = int(groups.max(initial=0)) + 1 - self.sensitivity_sum.size
        self.sensitivity_sum = np.append(self.sensitivity_sum, np.zeros(wider))
        self.sensitivity_weight = np.append(self.sensitivity_weight, np.zeros(wider))
        self._groups = groups
        self._cached = None

    def variances(self) -> tuple[Floats, Floats]:
        """(own variance, sensitivity) per series, shrunk to group and prior."""
        if self._cached is None:
            groups, size = self._groups, self.sensitivity_sum.size
            prior = np.full(size, self._priors[1])
            prior[:1] = self._priors[0]
            sums = np.bincount(groups, self.own_sum, size) + _GROUP_PRIOR_BUCKETS * prior
            pooled = sums / (np.bincount(groups, self.own_weight, size) + _GROUP_PRIOR_BUCKETS)
            own = (self.own_sum + _OWN_PRIOR_BUCKETS * pooled[groups]) / (self.own_weight + _OWN_PRIOR_BUCKETS)
            sensitivity = (self.sensitivity_sum + _SENSITIVITY_PRIOR_BUCKETS * self._sensitivity_prior) / (
                self.sensitivity_weight + _SENSITIVITY_PRIOR_BUCKETS
            )
            sensitivity[:1] = 0.0
            self._cached = np.maximum(own, _LEAST_VARIANCE), np.maximum(sensitivity, 0.0)[groups]
        return self._cached

    def learn(self, excess: Floats, noise: Floats, common: Floats, which: Flags) -> None:
        """`excess`: squared residual minus counting noise, in log units; `noise`: the counting variance likewise."""
        own, sensitivity = self.variances()
        stormy = common * common
        scatter = own + sensitivity * stormy
        told = np.where(which, (scatter / (scatter + noise)) ** 2, 0.0)
        calm = told * (own / scatter) ** 2
        keeps = np.where(which, self._keeps, 1.0)
        self.own_sum = keeps * self.own_sum + calm * np.where(which, excess - sensitivity * stormy, 0.0)
        self.own_weight = keeps * self.own_weight + calm
        leverage = told * stormy / scatter**2
        size = self.sensitivity_sum.size
        scale = np.maximum(sensitivity, 0.01) ** 2
        slope_sum = np.bincount(self._groups, leverage * scale * np.where(which, excess - own, 0.0), size)
        slope_weight = np.bincount(self._groups, leverage * scale * stormy, size)
        self.sensitivity_sum = self._keeps * self.sensitivity_sum + slope_sum
        self.sensitivity_weight = self._keeps * self.sensitivity_weight + slope_weight
        self._cached = None

    def arrays(self) -> dict[str, Floats]:
        """The whole state by name; `restore` takes it back."""
        return {
            "own_sum": self.own_sum.copy(),
            "own_weight": self.own_weight.copy(),
            "sensitivity_sum": self.sensitivity_sum.copy(),
            "sensitivity_weight": self.sensitivity_weight.copy(),
        }

    def restore(self, named: dict[str, Floats]) -> None:
        """Continue exactly where `arrays` left off."""
        self.own_sum, self.own_weight = named["own_sum"].copy(), named["own_weight"].copy()
        self.sensitivity_sum = named["sensitivity_sum"].copy()
        self.sensitivity_weight = named["sensitivity_weight"].copy()
        self._cached = None
