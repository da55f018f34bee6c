"""Panels: the points of many slices of one metric, as matrices.

A point keeps numerator and denominator, never only their quotient, so that roll-ups divide last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from metricloop.kernel.slices import Slice

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Panel:
    """Points of one metric at one grain: rows are buckets (oldest first), columns are slices.

    numerator, denominator: float64 [T, S]; for a count or sum the denominator is 1 and carries no meaning.
    NaN is missing, which is not zero. collected_at: when each bucket was last read.
    """

    slices: tuple[Slice, ...]
    starts: tuple[datetime, ...]
    numerator: Floats
    denominator: Floats
    collected_at: tuple[datetime, ...]

    def column(self, wanted: Slice) -> int | None:
        return self.slices.index(wanted) if wanted in self.slices else None

    def values(self) -> Floats:
        """numerator / denominator; NaN where the denominator is zero."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.denominator > 0, self.numerator / self.denominator, np.nan)


@dataclass(frozen=True, slots=True)
class BandPanel:
    """What a monitor expected and how it judged: rows are buckets, columns are slices, all float64 [T, S].

    NaN in expected/lower/upper means "no band" (cold start, missing value, below the minimum denominator).
    """

    slices: tuple[Slice, ...]
    starts: tuple[datetime, ...]
    expected: Floats
    lower: Floats
    upper: Floats
    score: Floats
    anomalous: Flags


def widen(matrix: Floats, width: int, fill: float) -> Floats:
    """The same rows with new columns on the right: slices seen later did not exist yet (`fill`)."""
    missing = width - matrix.shape[-1]
    if missing <= 0:
        return matrix
    return np.concatenate([matrix, np.full((*matrix.shape[:-1], missing), fill)], axis=-1)


def positions(axis: Sequence[Slice]) -> dict[Slice, int]:
    return {s: i for i, s in enumerate(axis)}
