"""Bands are in `kernel.series`; here are anomalies and labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from metricloop.kernel.grain import Grain
from metricloop.kernel.message import Message
from metricloop.kernel.series import Floats
from metricloop.kernel.slices import Slice


class AnomalyState(StrEnum):
    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A run of points outside their band, by a named monitor version.

    started_at: start of the first anomalous bucket. ended_at: end of the last anomalous bucket (exclusive), also while
    open (then it is the end so far). impact: sum of observed minus expected over its buckets, in numerator units
    (for a rate: on-time flights missing). raised_at: when it passed its gates; None while it has not.
    """

    id: str
    monitor: str
    monitor_version: int
    metric: str
    slice: Slice
    grain: Grain
    started_at: datetime
    ended_at: datetime
    state: AnomalyState
    points: int
    impact: float
    peak_score: float
    normal_in_a_row: int = 0
    raised_at: datetime | None = None


class Verdict(StrEnum):
    """A person's word on a span."""

    TRUE = "true"
    FALSE_ALARM = "false_alarm"
    EXPECTED = "expected"
    NEW_NORMAL = "new_normal"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Label:
    """A verdict on a span of one metric and slice, and what it did. Withdrawn labels stay, without effect.

    `masks` says whether the span is kept out of learning.
    """

    id: str
    incident: int | None
    metric: str
    slice: Slice
    grain: Grain
    start: datetime
    end: datetime
    verdict: Verdict
    by: str
    at: datetime
    note: str = ""
    masks: bool = False
    effects: tuple[Message, ...] = ()
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DetectorState:
    """A checkpoint: what a monitor version had learnt up to `until` (end of the last bucket learnt).

    arrays: named arrays of the detector; `axis` fixes which column is which slice.
    """

    monitor: str
    metric: str
    monitor_version: int
    until: datetime
    axis: tuple[Slice, ...]
    arrays: Mapping[str, Floats]
    meta: Mapping[str, Any]
