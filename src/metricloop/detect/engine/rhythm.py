"""The step of a series and the place of each row in its day and week, from timestamps alone.

The step is the median distance of the first rows, so that it is known early and never changes afterwards: later rows
must not move verdicts on earlier ones. Days are split into at most 288 slots; steps of a day or longer have one.
Does not do: months and years; steps that change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metricloop.kernel.series import Floats

Whole = NDArray[np.int64]

DAY = 86400
_FIRST = 13
_FINEST = 300
_MONDAY = 3  # the first of January 1970 was a Thursday
_SUNDAY, _WORKDAY = 6, 4


@dataclass(frozen=True, slots=True)
class Rhythm:
    """step: seconds, [S]. per_day: rows of a day, at least 1. slots: seasonal slots of a day."""

    step: Floats
    per_day: Floats
    slots: Whole

    @classmethod
    def of(cls, steps: Iterable[float]) -> Rhythm:
        step = np.array(list(steps), dtype=np.float64)
        slots = np.maximum(1, np.round(DAY / np.maximum(step, _FINEST))).astype(np.int64)
        return cls(step, np.maximum(DAY / step, 1.0), slots)

    @property
    def per_week(self) -> Floats:
        """Rows of a week; less than 1 where the step is longer."""
        return 7 * DAY / self.step

    def first(self, count: int) -> Rhythm:
        return Rhythm(self.step[:count], self.per_day[:count], self.slots[:count])


@dataclass(frozen=True, slots=True)
class Places:
    """Of each row: slot of the day, slot of the week, hour of the day (0 where a day has fewer slots than hours)."""

    day: Whole
    week: Whole
    hour: Whole


def step_of(seconds: Whole) -> float:
    """Seconds from row to row; a day where fewer than two rows tell."""
    between = np.diff(seconds[:_FIRST])
    between = between[between > 0]
    return float(np.median(between)) if between.size else float(DAY)


def places_of(seconds: Whole, slots: int, working: NDArray[np.int8] | None = None) -> Places:
    """`seconds`: local wall time since 1970. `working`: 1 where a row's day is worked though the week says rest, -1 the
    other way round, 0 as usual; such days borrow the shape of a Friday or a Sunday."""
    weekday = (seconds // DAY + _MONDAY) % 7
    if working is not None:
        weekday = np.where(working > 0, _WORKDAY, np.where(working < 0, _SUNDAY, weekday))
    in_day = seconds % DAY
    slot = np.minimum(in_day * slots // DAY, slots - 1)
    hour = in_day // 3600 if slots >= 24 else np.zeros_like(in_day)
    return Places(slot, weekday * slots + slot, hour)
