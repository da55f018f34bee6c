"""The stored points as they were known at a time: without what was read later, also of what had happened before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from metricloop.collect.ports import Points
from metricloop.kernel.series import Panel
from metricloop.kernel.slices import Slice


@dataclass(frozen=True, slots=True)
class KnownThen:
    """Reads like the points, as of `at`. Its axis and span are those of today: they only grow."""

    points: Points
    at: datetime

    def axis(self, metric: str) -> tuple[Slice, ...]:
        return self.points.axis(metric)

    def read(self, metric: str, start: datetime, end: datetime, slices: Sequence[Slice] | None = None) -> Panel:
        return self.points.read(metric, start, end, slices, self.at)

    def span(self, metric: str) -> tuple[datetime, datetime] | None:
        return self.points.span(metric)
