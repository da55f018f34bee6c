"""Monitors as written: metric, slices, detector, gates, severity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from metricloop.kernel.grain import Grain


@dataclass(frozen=True, slots=True)
class Gates:
    """What an anomaly must pass before it may open an incident, and how it ends.

    minimum_impact: in the metric's numerator units (failures for a rate). minimum_buckets: anomalous buckets needed.
    recovery_buckets: normal buckets in a row that end the anomaly.
    """

    minimum_impact: float = 0.0
    minimum_buckets: int = 1
    recovery_buckets: int = 2


@dataclass(frozen=True, slots=True)
class Monitor:
    """Watches slices of one metric at one grain with one detector.

    slices: dimensions to watch, one series per value; the empty string is the total.
    verify_buckets: how many buckets in band make a recovery. self_heal_after: how long an untouched incident waits
    before a recovery by itself is accepted.
    """

    name: str
    metric: str
    grain: Grain
    slices: tuple[str, ...]
    detector: str
    options: Mapping[str, Any] = field(default_factory=dict)
    gates: Gates = Gates()
    severity: str = "S3"
    verify_buckets: int = 3
    self_heal_after: timedelta = timedelta(days=3)
    review_required: bool = False
