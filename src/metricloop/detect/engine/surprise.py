"""How rare a departure is for this series: a tail probability, and its inverse, which is the band.

One law per series and side. The 95 % quantile u of the departures is followed by stochastic approximation, and beyond
it the tail is Pareto with Hill's exponent: P(z) = 0.05 (z / u)^(-1/xi), both shrunk to a prior while young. Below u
the probability falls from 1 to 5 % in proportion. Rows that are masked are not learnt; a single huge one moves little.
From: Robbins and Monro (1951); Hill (1975); Siffert et al. (2017), SPOT, for the idea of a streamed Pareto tail.
Units: depth is minus the decimal logarithm of the probability on the side of the departure.
Does not do: tails that differ by hour of the day (the scatter does).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metricloop.kernel.series import Flags, Floats

_TAIL = 0.05
_TAIL_DEPTH = -float(np.log10(_TAIL))
_LN10 = float(np.log(10.0))


@dataclass(frozen=True, slots=True)
class TailPrior:
    """bound: the 95 % quantile before data; pace: step of its logarithm at a row beyond it. shape: xi before data,
    worth `rows` rows beyond the bound; most: largest log excess that is learnt from one row. doubt: the bound is taken
    wider by this share while nothing was seen beyond it, and by less with the root of what was.
    """

    bound: float = 1.65
    pace: float = 0.005
    shape: float = 0.4
    rows: float = 300.0
    most: float = 9.0
    doubt: float = 1.0


class Surprise:
    """State of S series; row 0 of each pair is for departures upwards, row 1 downwards."""

    def __init__(self, series: int, prior: TailPrior) -> None:
        self._prior = prior
        self.log_bound = np.full((2, series), np.log(prior.bound))
        self.excess = np.zeros((2, series))
        self.beyond = np.zeros((2, series))

    def shape(self) -> Floats:
        """xi of either side, [2, S]."""
        prior = self._prior
        return np.asarray((prior.rows * prior.shape + self.excess) / (prior.rows + self.beyond))

    def bound(self) -> Floats:
        """The logarithm of u on either side, widened while it is young, [2, S]."""
        return np.asarray(self.log_bound + np.log1p(self._prior.doubt / np.sqrt(1.0 + self.beyond)))

    def depth(self, z: Floats) -> Floats:
        """[S]; 0 where z is 0."""
        up = z > 0
        bounds = self.bound()
        log_bound = np.where(up, bounds[0], bounds[1])
        shapes = self.shape()
        over = np.log(np.maximum(np.abs(z), 1e-12)) - log_bound
        beyond = _TAIL_DEPTH + over / np.where(up, shapes[0], shapes[1]) / _LN10
        within = np.where(z == 0, 0.0, _TAIL_DEPTH * np.exp(np.minimum(over, 0.0)))
        return np.asarray(np.where(over > 0, beyond, within))

    def reach(self, depth: Floats) -> Floats:
        """The departure of this depth on either side, [2, S], both positive: the inverse of `depth`."""
        bound = np.exp(self.bound())
        far = bound * np.exp(np.minimum((depth - _TAIL_DEPTH) * _LN10 * self.shape(), 60.0))
        return np.asarray(np.where(depth > _TAIL_DEPTH, far, bound * depth / _TAIL_DEPTH))

    def learn(self, z: Floats, learns: Flags) -> None:
        """Learn one row after its depth was told."""
        prior = self._prior
        over = np.log(np.maximum(np.stack([z, -z]), 1e-12)) - self.log_bound
        hit = (over > 0) & learns
        self.excess = self.excess + np.where(hit, np.minimum(over, prior.most), 0.0)
        self.beyond = self.beyond + hit
        self.log_bound = self.log_bound + prior.pace * (hit - _TAIL * learns)
