"""An attribution as it is kept with an incident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from metricloop.kernel.slices import Slice


class VerdictKind(StrEnum):
    """What kind of change it was; `none`: within the noise, cannot be told."""

    LOCAL = "local"
    MIX = "mix"
    GLOBAL = "global"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Cause:
    """A slice that moved the metric. Evidence only. share: None when the total change is near zero."""

    slice: Slice
    contribution: float
    share: float | None
    confidence: float
    expected: float | None = None
    actual: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One bar of a waterfall. slice None: the rest. rate + mix = value for a ratio; both None for a sum."""

    slice: Slice | None
    value: float
    rate: float | None = None
    mix: float | None = None
    expected: float | None = None
    actual: float | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """A change of one metric in [start, end) split over slices.

    `parts` sums to `total`, and so does each list of `by_dimension`.

    expected, actual, total: in the metric's unit (a rate for a ratio).
    """

    incident: int
    metric: str
    made_at: datetime
    start: datetime
    end: datetime
    expected: float
    actual: float
    total: float
    verdict: VerdictKind
    localisable: bool
    causes: tuple[Cause, ...]
    parts: tuple[Part, ...]
    by_dimension: Mapping[str, tuple[Part, ...]]
